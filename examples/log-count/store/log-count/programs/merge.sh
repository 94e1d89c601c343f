#!/bin/sh
# Adds up the counts of all parts.
set -eu
awk -F '[^A-Z0-9]+' '
  # A line splits into: nothing, INFO, its count, WARN, its count ...
  { for (i = 2; i < NF; i += 2) total[$i] += $(i + 1) }
  END {
    printf "{\"INFO\": %d, \"WARN\": %d, \"ERROR\": %d, \"DEBUG\": %d}\n",
      total["INFO"], total["WARN"], total["ERROR"], total["DEBUG"]
  }
' counts/*.json >result.json
cat result.json
