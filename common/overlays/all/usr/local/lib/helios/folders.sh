# shellcheck shell=sh
# Sourced after environment.sh by what makes a session's folders, and what root puts there. The desktop's user may have left anything under
# their names at an earlier start: root removes what is there and makes them anew, and never follows a link of somebody else's. What is in
# a volume is others' too, and stays.

line_end='
'
# None of these is what the container was given under its name.
user_groups=--clear-groups by=''
unset mounts

# find_mounts PATH: leaves that path in mounts_of, in mounts_below where something is mounted below it, a line each, and in mount_at where
# what it lies on is, if that isn't the container's own file system.
find_mounts() {
  mounts_of=$1 mounts_below='' mount_at=''
  mounts=${mounts-$(cut -d ' ' -f 5 /proc/self/mountinfo)}
  while IFS= read -r place; do
    case $place in
      / | *\\012*) continue ;;
      *\\*) place=$(printf '%b' "$place") ;;
    esac
    case $place in
      "$1"/*) mounts_below=$mounts_below$place$line_end ;;
    esac
    case $1/ in
      "$place"/*) mount_at=$place ;;
    esac
  done <<MOUNTS
$mounts
MOUNTS
}

# give_ways: what runtimes made as root on the way from what find_mounts was asked about to volumes below it is given to the user, and so
# are those volumes themselves while nothing is in them.
give_ways() {
  while IFS= read -r place; do
    way=$mounts_of rest=${place#"$mounts_of"/}
    while [ -n "$place" ] && [ "$way" != "$place" ]; do
      way=$way/${rest%%/*} rest=${rest#*/}
      give_way "$way"
    done
  done <<MOUNTS
$mounts_below
MOUNTS
}

# Where links may be, a folder is entered and looked at from within: what is given is what has that path, wherever a link leads. crun makes
# folders with a sticky bit, runc without.
give_way() (
  cd -P "$1" 2>/dev/null && [ "$(pwd -P)" = "$1" ] || exit 0
  case $(stat -c %u:%g:%a .) in
    0:0:755 | 0:0:1755) ;;
    *) exit 0 ;;
  esac
  case $line_end$mounts_below in
    *"$line_end$1$line_end"*) is_empty . || exit 0 ;;
  esac
  chown "$UID:$GID" . 2>/dev/null || true
)

# is_empty FOLDER: a file system may have its own folder in there.
is_empty() {
  for entry in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    if [ ! -e "$entry" ] && [ ! -L "$entry" ]; then continue; fi
    [ "$entry" = "$1/lost+found" ] || return 1
  done
}

# let_pass FOLDER: the user can pass all that leads to it; the way of a folder of root's is opened to others, without its list, where nobody
# else can put something in its place.
let_pass() {
  [ -n "$1" ] || return 0
  let_pass "${1%/*}"
  if as_that_user test -x "$1"; then return; fi
  { [ -d "$1" ] && [ ! -L "$1" ] && [ "$(stat -c %u "$1" 2>/dev/null)" = 0 ] && roots_alone "$(dirname "$1")" && open_way "$1" && as_that_user test -x "$1"; } ||
    refuse "$1 can't be entered by user $UID of group $GID, on the way to what is the user's: expected a folder that others may pass, such as one of mode 0711"
}

# open_way FOLDER: others may pass it. From one whose group root isn't in, chmod without CAP_FSETID would take the bit that gives its group on.
open_way() {
  setpriv --groups "$(stat -c %g "$1")" chmod o+x "$1" 2>/dev/null || chmod o+x "$1" 2>/dev/null
}

# require_folders: what is written to at every start, which an unprivileged desktop's user may be given alone.
require_folders() {
  for folder in /run /tmp; do
    [ -w $folder ] || refuse "$folder can't be written to by user $(id -u): expected a folder that everybody may write to; for example --tmpfs $folder:exec, or an emptyDir"
  done
}

# close_run: /run comes as a folder of everybody's, or is mounted as one. Root's is for root alone to write to.
close_run() { ! is_root || chmod 0755 /run; }

make_display_folders() {
  # Without that bit, as volumes come, anybody may put another's file away and something else in its place.
  case $(stat -c '%u %a' /tmp) in
    '0 1777') ;;
    '0 '*) ! is_root || chmod 1777 /tmp ;;
  esac
  find_mounts /tmp
  if [ -z "$mount_at" ]; then rm -rf /tmp/.X[0-9]*-lock; fi
  make_display_folder /tmp/.X11-unix
  make_display_folder /tmp/.ICE-unix
}

# keep_folder PATH MODE [OWNER]: one that is a volume, or has volumes below it, has that mode, and that owner, if it is root's. What is in it is
# others' too: nothing of it goes. Programs of the desktop remove what they left there themselves.
keep_folder() {
  if [ -L "$1" ] || { [ -e "$1" ] && [ ! -d "$1" ]; }; then rm -f "$1"; fi
  [ -d "$1" ] || mkdir -m "$2" "$1"
  (cd -P "$1" && [ "$(pwd -P) $(stat -c %u .)" = "$1 0" ] && chmod "$2" . && { [ -z "${3-}" ] || chown "$3" .; }) 2>/dev/null || true
}

make_display_folder() {
  find_mounts "$1"
  if [ -z "$mount_at$mounts_below" ]; then
    rm -rf "$1"
    mkdir -m 1777 "$1"
    return
  fi
  keep_folder "$1" 1777
  as_that_user test -w "$1" || refuse "$1 can't be written to by user $UID: expected a folder for sockets, such as one of mode 1777"
}

# It is root's alone until give_runtime_folder: what root puts there goes where root thinks. One that is a volume, or has volumes below it,
# isn't, so that the user puts it there.
make_runtime_folder() {
  runtime=/run/user/$UID by=''
  mkdir -p /run/user
  find_mounts "$runtime"
  if [ "${mount_at:-/run}" = /run ] && [ -z "$mounts_below" ]; then
    rm -rf "$runtime"
    mkdir -m 0700 "$runtime"
    return
  fi
  by=as_that_user
  keep_folder "$runtime" 0700 "$UID:$GID"
  give_ways
  as_that_user test -w "$runtime" || refuse "$runtime can't be written to by user $UID: expected a folder of that user's, or an empty one of root's"
}

# make_cookie FILE: the X server's, in libXau's format: for whatever host name, as a sidecar or a container that was renamed has another,
# and for whatever display. Its family 0xffff is FamilyWild; address and number are empty.
make_cookie() {
  (
    umask 077
    [ -z "$by" ] || $by rm -f "$1"
    {
      printf '\377\377\0\0\0\0\0\022MIT-MAGIC-COOKIE-1\0\020'
      head -c 16 /dev/urandom
    } | $by sh -c 'cat >"$1"' - "$1"
  )
}

# give_runtime_folder FILE...: to the user, with those files of it.
give_runtime_folder() { [ -n "$by" ] || chown "$UID:$GID" "$@" "/run/user/$UID"; }

# keep_cookie FILE HOME: programs that are told nothing but display and home look for it there. A file of the user's own, which has another
# beginning, stays.
keep_cookie() {
  as_that_user sh -c 'umask 077 && cd "$2" || exit
    if [ -e .Xauthority ] || [ -L .Xauthority ]; then
      [ -f .Xauthority ] && [ "$(head -c 28 .Xauthority | cksum)" = "$(head -c 28 "$1" | cksum)" ] || exit
    fi
    cat "$1" >.Xauthority' - "$1" "$2" 2>/dev/null || true
}

# as_that_user COMMAND...: what lies below a folder of the user's is the user's to make and remove, who may swap any part of its path.
as_that_user() {
  if is_root; then set -- setpriv --reuid="$UID" --regid="$GID" "$user_groups" "$@"; fi
  "$@"
}

# roots_alone PATH: nobody but root can swap any part of that path that is there.
roots_alone() { unswapped "$1" && unswapped "$(realpath -m "$1")"; }

unswapped() {
  if [ -e "$1" ] || [ -L "$1" ]; then
    case $(stat -c '%u %A' "$1") in
      '0 l'* | '0 d'????-??-?) ;;
      *) return 1 ;;
    esac
  fi
  [ "$1" = / ] || unswapped "$(dirname "$1")"
}
