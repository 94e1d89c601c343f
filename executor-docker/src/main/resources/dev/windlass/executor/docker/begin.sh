# Becomes the program of a supervised run, as the same process.
#
#   DIRECTORY OUT ERR PROGRAM COMMAND...
#
# PROGRAM is what has to be there; COMMAND may begin with env. When a step fails the trap notes which,
# so that a failure of ours is never taken for an exit code of the program.
_windlass_dir=$1 _windlass_step=output
_windlass_note() {
  printf '%-127s\n' "$1" 1<>"$_windlass_dir/program"
}
trap '_windlass_note "refused $_windlass_step"; exit 125' EXIT
exec 3>>"$2" 4>>"$3" || exit
_windlass_program=$4
shift 4
# A shell that is bash has these of its own, and outlives a failed exec only if asked.
unset SHLVL OLDPWD PWD
shopt -s execfail 2>/dev/null

_windlass_step=not-found
case $_windlass_program in
  */*)
    [ -e "$_windlass_program" ] || exit
    _windlass_step=not-executable
    [ -f "$_windlass_program" ] && [ -x "$_windlass_program" ] || exit ;;
  *) command -v "$_windlass_program" >/dev/null || exit ;;
esac
_windlass_step=exec
read -r _windlass_line <"/proc/$$/stat"
_windlass_ticks() {
  _windlass_start=${20}
}
_windlass_ticks ${_windlass_line##*) }
_windlass_note "begun $$ $_windlass_start" || exit
exec "$@" >&3 2>&4 3>&- 4>&-
exit
