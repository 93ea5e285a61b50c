# shellcheck shell=sh
# Sourced by what needs the groups of the desktop's user: beside GID's those that whoever runs the container adds from outside, by
# --group-add, fsGroup or supplementalGroups. Process 1 has them, and nothing in the image names them.

# find_given_groups PROCESS: leaves their numbers in given_groups, in keep_groups whether there are some that have no number in the
# container, as with podman's keep-groups, and in user_groups the option by which setpriv gives the user all of them.
find_given_groups() {
  given_groups='' keep_groups='' user_groups=--groups=$GID
  while read -r field numbers; do
    [ "$field" = Groups: ] || continue
    for number in $numbers; do
      case $number in
        0 | "$GID") ;;
        65534) ! is_root || keep_groups=$(unnumbered) ;;
        *) if is_root; then give_group "$number"; else given_groups="$given_groups $number"; fi ;;
      esac
    done
  done <"/proc/$1/status"
  [ -z "$keep_groups" ] || user_groups=--keep-groups
}

# Those that root is in by the image's own /etc/group are the system's.
give_group() {
  case " $(id -G root) " in
    *" $1 "*) return ;;
  esac
  if is_for_users "$1"; then
    given_groups="$given_groups $1" user_groups=$user_groups,$1
  else
    echo "helios: group $1 is left out: it is $(getent group "$1" | cut -d: -f1) here, which the desktop may not have; expected one from 100 up, or video's or render's" >&2
  fi
}

# What has no number in a container of whoever isn't root shows as nobody's, and there can only be kept or lost.
unnumbered() {
  read -r _ _ count </proc/self/gid_map
  [ "$count" -ge 4294967295 ] || echo yes
}

# The distro's own groups own files of it: of those below 100 only these two are nothing but devices'.
is_for_users() {
  [ "$1" -ge 100 ] || [ "$1" = "$GID" ] || case $(getent group "$1" | cut -d: -f1) in
    '' | render | video) ;;
    *) return 1 ;;
  esac
}

# name_group NUMBER: lets the user's own log-ins have the group too.
name_group() {
  [ -w /etc/group ] || return 0
  getent group "$1" >/dev/null || groupadd --gid "$1" "group$1"
  usermod --append --groups "$(getent group "$1" | cut -d: -f1)" "$USER"
}
