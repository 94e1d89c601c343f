# Runs one attempt and writes down how it ended. The protocol is told in package-info.java.
#
#   setsid sh launch.sh EVIDENCE SETSID SH
#
# Descriptors: 1 and 2 are the attempt's output files. Built-ins only, but for the one program that
# waits. Every record written here exists already with its full length, so that a full disk cannot
# cut it.
d=$1 setsid=$2 sh=$3
trap : HUP INT QUIT TERM USR1 USR2 PIPE ALRM
exec 3>&2 2>>"$d/log"

read -r boot </proc/sys/kernel/random/boot_id
read -r _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ ticks _ </proc/self/stat
printf '%-127s\n' "launcher $$ $ticks $boot" 1<>"$d/launcher" || exit 125

# The claim. Whoever creates this file decides alone whether the program begins.
set -C
true 2>/dev/null >"$d/claim" || exit 125
set +C

# setsid(1) is the program's parent. It complains, and exits with the raw status, only when its
# child died of a signal; that is what tells "exit 137" from signal 9.
"$setsid" -f -w "$sh" "${0%/*}/begin.sh" "$d" setup 2<>"$d/wait"
status=$?
read -r complaint <"$d/wait"
times 1<>"$d/times"
if [ -n "$complaint" ]; then
  printf '%-127s\n' "signal $((status & 127))" 1<>"$d/exit"
else
  printf '%-127s\n' "exit $status" 1<>"$d/exit"
fi
