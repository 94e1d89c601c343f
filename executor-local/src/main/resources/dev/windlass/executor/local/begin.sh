# Becomes the program of an attempt, stage by stage, always as the same process.
#
#   sh begin.sh EVIDENCE STAGE [TRIES]
#
# setup   joins the attempt's control groups, and may exec into a private mount namespace
# enter   inside that namespace: makes the bindings
# run     takes on the program's environment and arguments, notes that it begins, execs it. What is
#         secret in the environment is read once, and not kept in the evidence
#
# Descriptor 3 is the program's standard error. The sourced files are written by LaunchPlan and
# Sandbox. When a step fails the trap notes which, so that a failure of ours is never taken for an
# exit code of the program.
_windlass_dir=$1 _windlass_stage=$2 _windlass_tries=${3:-0} _windlass_begin=$0 _windlass_step=setup
exec 2>>"$1/log"
_windlass_refuse() {
  # "Text file busy": the program was written a moment ago, and another process that was forked
  # meanwhile holds it open until it execs. A shell does not outlive a failed exec; a new one tries
  # again, as the same process.
  if [ "$_windlass_step" = exec ] && [ "$_windlass_tries" -lt 20 ] \
    && [ -r "$_windlass_begin" ] && [ -x "/proc/$$/exe" ]; then
    exec 3>&2
    exec "/proc/$$/exe" "$_windlass_begin" "$_windlass_dir" run $((_windlass_tries + 1))
  fi
  printf '%-127s\n' "refused $_windlass_step" 1<>"$_windlass_dir/program"
  exit 125
}
trap _windlass_refuse EXIT

if [ "$_windlass_stage" = setup ]; then
  . "$_windlass_dir/setup"
  _windlass_stage=run
fi
if [ "$_windlass_stage" = enter ]; then
  _windlass_step=bindings
  . "$_windlass_dir/bindings"
  _windlass_stage=run
fi

_windlass_step=command
read -r _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _windlass_ticks _ </proc/self/stat
# A shell that is bash exports these of its own, and stays alive after a failed exec only if asked.
shopt -s execfail 2>/dev/null
unset LC_ALL SHLVL OLDPWD PWD
. "$_windlass_dir/command"
# In the environment they outlive the exec of a new try.
[ "$_windlass_tries" -gt 0 ] || . "$_windlass_dir/secrets"
: >"$_windlass_dir/secrets" || exit

_windlass_step=not-found
case $_windlass_program in
*/*)
  [ -e "$_windlass_program" ] || exit
  _windlass_step=not-executable
  [ -f "$_windlass_program" ] && [ -x "$_windlass_program" ] || exit
  ;;
*) command -v "$_windlass_program" >/dev/null || exit ;;
esac
_windlass_step=exec
printf '%-127s\n' "begun $$ $_windlass_ticks" 1<>"$_windlass_dir/program" || exit
exec 2>&3 3>&-
exec "$@"
