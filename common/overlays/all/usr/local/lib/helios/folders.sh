# shellcheck shell=sh
# Sourced by what makes a session's folders, and what root puts there. The desktop's user may have left anything under their names at an earlier start, or a
# volume may have it: root removes what is there and makes them anew, and never follows a link of somebody else's.

make_display_folders() {
  # Without that bit, as volumes come, anybody may put another's file away and something else in its place.
  if [ "$(stat -c %u /tmp)" = 0 ] && [ ! -k /tmp ]; then chmod 1777 /tmp; fi
  rm -rf /tmp/.X1-lock /tmp/.X11-unix /tmp/.ICE-unix
  mkdir -m 1777 /tmp/.X11-unix /tmp/.ICE-unix
}

# It is root's alone until give_runtime_folder: what root puts there goes where root thinks.
make_runtime_folder() {
  mkdir -p /run/user
  rm -rf "/run/user/$UID"
  mkdir -m 0700 "/run/user/$UID"
}

# make_cookie FILE: the X server's, for display :1 by whatever host name, as a sidecar or a container that was renamed has another:
# family ffff is FamilyWild.
make_cookie() {
  (
    umask 077
    touch "$1"
    xauth -q -f "$1" add :1 . "$(od -An -vtx1 -N16 /dev/urandom | tr -d ' ')"
    cookie=$(xauth -q -f "$1" nlist :1)
    printf 'ffff%s\n' "${cookie#????}" | xauth -q -f "$1" nmerge -
  )
}

# give_runtime_folder FILE...: to the user, with those files of it.
give_runtime_folder() { chown "$UID:$GID" "$@" "/run/user/$UID"; }

# as_that_user COMMAND...: what lies below a folder of the user's is the user's to make and remove, who may swap any part of its path.
as_that_user() { setpriv --reuid="$UID" --regid="$GID" --clear-groups "$@"; }

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
