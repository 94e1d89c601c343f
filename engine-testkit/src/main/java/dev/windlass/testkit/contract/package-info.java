/** What the contract suites share: how they quote their contract and how often they try. */
@NullMarked
package dev.windlass.testkit.contract;

import org.jspecify.annotations.NullMarked;
