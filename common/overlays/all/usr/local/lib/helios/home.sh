# shellcheck shell=sh
# Sourced by what makes the home in $home, after environment.sh, folders.sh and groups.sh. It may be a volume, lie on one, or have volumes
# below it, of which root may be nobody: what root may not do is tried as the user, nothing that is there is removed, and what can't work
# ends the container with a line that names the folder.

make_home() {
  settle_home fill
}

# settle_home look|fill: leaves a folder that the user can enter and write to, or refuses.
settle_home() {
  place=$(cd -P "$home" 2>/dev/null && pwd -P) || place=$home
  find_mounts "$place"
  [ -d "$home" ] || as_that_user test -d "$home" || make_home_folder
  is_given=yes
  ! is_root || own_home 2>/dev/null || is_given=no
  give_ways
  try_home "$1" || {
    let_pass "${home%/*}"
    try_home "$1" || refuse_home "$?"
  }
  [ "$is_given" = yes ] || echo "helios: $home stays its owner's, as root can't give it away" >&2
}

make_home_folder() {
  is_root || mkdir -p "${home%/*}" 2>/dev/null || true
  [ -z "$mount_at" ] || let_pass "${home%/*}"
  above=${home%/*}
  [ -d "$above" ] || ! roots_alone "$above" || mkdir -p "$above"
  mkdir -m 0750 "$home" 2>/dev/null || as_that_user mkdir -m 0750 "$home" 2>/dev/null ||
    refuse "$home can't be made: expected $above to be a folder that root or user $UID may write to, or a volume on $home"
}

# The folder alone is given by root: what is in it may be links, and more names of others' files. A volume of somebody else's isn't
# given while there is something in it, and one that a group is meant to write to stays that group's.
own_home() {
  case $(stat -c '%u %g' "$home") in
    "$UID "*) ;;
    '0 0') chown -h "$UID:$GID" "$home" ;;
    '0 '*) chown -h "$UID" "$home" ;;
    *) if [ -z "$mount_at" ] || is_empty "$home"; then chown -h "$UID:$GID" "$home"; fi ;;
  esac
}

# Only what leads to volumes may be there before the skeleton.
try_home() {
  set -- "$1" "$home"
  while IFS= read -r place; do
    place=${place#"$mounts_of"/}
    [ -z "$place" ] || set -- "$@" "${place%%/*}"
  done <<MOUNTS
$mounts_below
MOUNTS
  as_that_user /usr/local/lib/helios/bin/fill-home "$@"
}

refuse_home() {
  owner=$(stat -c 'user %u, group %g, mode %a' "$home" 2>/dev/null || echo 'nobody that root can see')
  expected="expected a home of that user's, or an empty folder of root's; for example after chown --recursive --no-dereference $UID:$GID on its volume"
  case $1 in
    3) refuse "$home can't be entered by user $UID of group $GID: it is of $owner; $expected" ;;
    4) refuse "$home can't be written to by user $UID of group $GID: it is of $owner; $expected" ;;
    *) refuse "$home can't be used by user $UID: fill-home ended with $1" ;;
  esac
}
