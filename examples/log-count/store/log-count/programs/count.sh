#!/bin/sh
# Counts the four words in the part that belongs to this instance.
set -eu
part=$BATCH_COMPUTE_DAG_INSTANCE_ID
mkdir -p counts
awk '
  match($0, /\[(INFO|WARN|ERROR|DEBUG)\]/) { count[substr($0, RSTART + 1, RLENGTH - 2)]++ }
  END {
    printf "{\"INFO\": %d, \"WARN\": %d, \"ERROR\": %d, \"DEBUG\": %d}\n",
      count["INFO"], count["WARN"], count["ERROR"], count["DEBUG"]
  }
' "parts/$part.txt" >"counts/$part.json"
echo "counted part $part"
