# Runs programs inside a node and writes down how they ended; or ends one. Told in package-info.
#
#   serve DIRECTORY RUN SUPERVISE BEGIN
#                                     does what the directory RUN beside this one orders, then what the pipe
#                                     "orders" in this one names; without the pipe that one run only
#   run   DIRECTORY COOKIE OUT ERR all|own BEGIN PROGRAM COMMAND...
#   tell  DIRECTORY COOKIE SIGNAL     sends the program a signal
#   end   DIRECTORY COOKIE            ends everything that the program started, itself included
#   alive DIRECTORY COOKIE            exits with 0 while the supervisor is there
#
# SUPERVISE is the text of this script, BEGIN that of begin.sh. Built-ins only. Names of ours have a prefix,
# since all variables of the program are here too. The records exist already with their full length, so
# that a full disk cannot cut what is written.
_windlass_mode=$1 _windlass_dir=$2 _windlass_cookie=$3
shift 3

# Tells the host where something has happened.
_windlass_tell() {
  [ ! -p "$_windlass_shared/news" ] || printf '%s\n' "$1" 1<>"$_windlass_shared/news"
}

# The order of a run is shell text that becomes its supervisor.
_windlass_serve() {
  printf '%-255s\n' "busy $1" 1<>"$_windlass_dir/state"
  (
    exec 3<&- >>"$_windlass_shared/$1/log" 2>&1
    . "$_windlass_shared/$1/order"
  )
  printf '%-255s\n' idle 1<>"$_windlass_dir/state"
  _windlass_tell "$_windlass_shared/$1"
}

# State, parent, threads, start and flags of a process, and where its program and environment lie in memory.
_windlass_stat() {
  read -r _windlass_line 2>/dev/null <"/proc/$1/stat" || return 1
  set -- ${_windlass_line##*) }
  _windlass_state=$1 _windlass_parent=$2 _windlass_threads=${18} _windlass_ticks=${20}
  _windlass_flags=$7 _windlass_layout="${24} ${26} ${48} ${49}"
}

# Says whether the process with that start is there. One that has ended, and is not reaped, is not.
_windlass_is() {
  _windlass_stat "$1" && [ "$_windlass_ticks" = "$2" ] && [ "$_windlass_state" != Z ]
}

# Looks again if the process was given another program meanwhile, which cuts off what was being read, and
# while it is: then it has no environment, which lies at 0.
_windlass_carries() {
  _windlass_looks=0
  while [ $_windlass_looks -lt 100 ] && _windlass_stat "$1"; do
    _windlass_place=$_windlass_layout _windlass_looks=$((_windlass_looks + 1))
    while IFS= read -r _windlass_line || [ -n "$_windlass_line" ]; do
      case $_windlass_line in *"WINDLASS_COOKIE=$_windlass_cookie"*) return 0 ;; esac
    done 2>/dev/null <"/proc/$1/environ"
    _windlass_stat "$1" || return 1
    # A kernel thread never has any: PF_KTHREAD.
    [ $((_windlass_flags & 0x200000)) = 0 ] || return 1
    case $_windlass_layout in *' 0') continue ;; esac
    [ "$_windlass_layout" != "$_windlass_place" ] || return 1
  done
  return 1
}

# Finds what lies below the root, to which all orphans come; where that is gone, what carries the
# cookie too. Without forks, so that it finds nothing of its own.
_windlass_find() {
  _windlass_is "$_windlass_root" "$_windlass_planted" && _windlass_rooted=1 || _windlass_rooted=
  _windlass_all=
  for _windlass_pid in /proc/[0-9]*; do
    _windlass_pid=${_windlass_pid#/proc/}
    _windlass_stat "$_windlass_pid" || continue
    # One whose first thread alone has ended looks like a zombie too.
    case $_windlass_state$_windlass_threads in Z1 | Z0 | X*) continue ;; esac
    _windlass_all="$_windlass_all $_windlass_pid:$_windlass_parent"
  done
  _windlass_tree=" $_windlass_root " _windlass_grew=1
  while [ "$_windlass_grew" ]; do
    _windlass_grew=
    for _windlass_pair in $_windlass_all; do
      case $_windlass_tree in
        *" ${_windlass_pair%:*} "*) ;;
        *" ${_windlass_pair#*:} "*)
          _windlass_tree="$_windlass_tree${_windlass_pair%:*} " _windlass_grew=1 ;;
      esac
    done
  done
  _windlass_found=
  for _windlass_pair in $_windlass_all; do
    _windlass_pid=${_windlass_pair%:*}
    case " $_windlass_spared " in *" $_windlass_pid "*) continue ;; esac
    case $_windlass_tree in
      *" $_windlass_pid "*) ;;
      *) [ ! "$_windlass_rooted" ] && _windlass_carries "$_windlass_pid" || continue ;;
    esac
    _windlass_found="$_windlass_found $_windlass_pid"
  done
}

# Until two walks find nothing: one alone can be overtaken by what forks meanwhile.
_windlass_end() {
  _windlass_empty=0 _windlass_walks=0
  while [ $_windlass_empty -lt 2 ]; do
    _windlass_find
    if [ "$_windlass_found" ]; then
      _windlass_empty=0 _windlass_walks=$((_windlass_walks + 1))
      kill -s KILL $_windlass_found 2>/dev/null
      [ $_windlass_walks -lt 100 ] || sleep 1
    else
      _windlass_empty=$((_windlass_empty + 1))
    fi
  done
}

# How many processes of the node the kernel has killed for want of memory.
_windlass_kills() {
  _windlass_count=0
  for _windlass_file in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
    [ -r "$_windlass_file" ] || continue
    while read -r _windlass_key _windlass_value; do
      [ "$_windlass_key" != oom_kill ] || _windlass_count=$_windlass_value
    done <"$_windlass_file"
  done
}

_windlass_note() {
  printf '%-127s\n' "$2" 1<>"$_windlass_dir/$1"
}

case $_windlass_mode in
  serve)
    _windlass_shared=${_windlass_dir%/*} _windlass_supervise=$1 _windlass_begin=$2
    trap : HUP INT QUIT TERM USR1 USR2 PIPE ALRM
    exec </dev/null >>"$_windlass_dir/log" 2>&1
    printf '%-255s\n' idle 1<>"$_windlass_dir/state"
    [ ! "$_windlass_cookie" ] || _windlass_serve "$_windlass_cookie"
    [ -p "$_windlass_dir/orders" ] && exec 3<>"$_windlass_dir/orders" || exit 0
    _windlass_tell "$_windlass_dir"
    while read -r _windlass_what _windlass_run <&3 && [ "$_windlass_what" = run ]; do
      _windlass_serve "$_windlass_run"
      _windlass_tell "$_windlass_dir"
    done
    exit 0 ;;
  tell)
    read -r _windlass_what _windlass_pid _windlass_start _ <"$_windlass_dir/program"
    if [ "$_windlass_what" = begun ] && _windlass_is "$_windlass_pid" "$_windlass_start"; then
      kill -s "$1" "$_windlass_pid"
    fi
    exit 0 ;;
  alive | end)
    read -r _windlass_what _windlass_pid _windlass_start _windlass_root _windlass_planted _ \
      <"$_windlass_dir/supervisor"
    _windlass_spared=
    if [ "$_windlass_what" = supervisor ] && _windlass_is "$_windlass_pid" "$_windlass_start"; then
      [ $_windlass_mode = end ] || exit 0
      _windlass_spared="$_windlass_pid $_windlass_root"
      # The program may have stopped them.
      kill -s CONT $_windlass_spared
    else
      [ $_windlass_mode = end ] || exit 1
      _windlass_root=
    fi
    _windlass_end
    exit 0 ;;
esac

_windlass_out=$1 _windlass_err=$2 _windlass_scope=$3 _windlass_begin=$4
shift 4
trap : HUP INT QUIT TERM USR1 USR2 PIPE ALRM
exec </dev/null >>"$_windlass_dir/log" 2>&1
_windlass_root=$PPID _windlass_spared="$$ $PPID"
_windlass_stat "$PPID"
_windlass_planted=$_windlass_ticks
_windlass_stat $$
_windlass_note supervisor "supervisor $$ $_windlass_ticks $PPID $_windlass_planted" || exit 125

# The claim. Whoever creates this file decides alone whether the program begins.
set -C
true 2>/dev/null >"$_windlass_dir/claim" || exit 125
set +C

_windlass_kills
_windlass_before=$_windlass_count _windlass_tries=0
while :; do
  /bin/sh -c "$_windlass_begin" windlass "$_windlass_dir" "$_windlass_out" "$_windlass_err" "$@"
  _windlass_status=$?
  # A file that was written a moment ago may be held open by somebody who is about to let go of it.
  read -r _windlass_line <"$_windlass_dir/program"
  _windlass_tries=$((_windlass_tries + 1))
  [ "$_windlass_line" = 'refused exec' ] && [ $_windlass_tries -lt 10 ] || break
done
[ "$_windlass_scope" = own ] || _windlass_end
_windlass_kills
times 1<>"$_windlass_dir/times"
_windlass_note exit "exit $_windlass_status $_windlass_before $_windlass_count"
