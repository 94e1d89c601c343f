#!/bin/sh
# Cuts the log by lines into $PARTS nearly equal parts: parts/0.txt, parts/1.txt and so on.
set -eu
mkdir -p parts
lines=$(awk 'END { print NR }' input/app.log)
share=$(((lines + PARTS - 1) / PARTS))
awk -v share="$share" '{ print >("parts/" int((NR - 1) / share) ".txt") }' input/app.log
echo "cut $lines lines into $PARTS parts"
