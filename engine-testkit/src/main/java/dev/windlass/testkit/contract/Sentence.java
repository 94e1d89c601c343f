package dev.windlass.testkit.contract;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The sentence of a contract that a test checks, in the contract's own words. A failure of the test
 * repeats it, so that the author of a plug-in need not guess what was expected.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Sentence {

  /**
   * The sentence, or the part of it that the test is about, as it reads once the Javadoc is
   * rendered. A test of this suite compares it with the source.
   *
   * @return never empty
   */
  String value();
}
