# shellcheck shell=sh
# Sourced by an image's init after home.sh: makes USER, UID and GID the desktop's user. What the base image put under the same name or
# number gives way; a home that exists keeps its files. HOME stays root's own: what root runs here would else look into the user's.

make_group() {
  holder=$(getent group "$GID" | cut -d: -f1)
  if [ "$holder" = "$USER" ]; then return; fi
  if [ "$GID" -eq 100 ]; then
    # Some distros give users another number.
    [ -n "$holder" ] || groupmod --gid 100 users 2>/dev/null || groupadd --gid 100 users
    return
  fi
  if getent group "$USER" >/dev/null; then groupmod --gid "$GID" --non-unique "$USER"; else groupadd --gid "$GID" --non-unique "$USER"; fi
  [ -z "$holder" ] || groupdel "$holder" 2>/dev/null || groupmod --gid "$(free_gid)" "$holder"
}

# A group that is some account's first can't be deleted, so it is moved out of the way.
free_gid() {
  gid=60000
  while getent group "$gid" >/dev/null; do gid=$((gid + 1)); done
  printf '%s' "$gid"
}

# A start that was ended meanwhile has left its locks, with the number of a process that may be another's now.
make_user() {
  rm -f /etc/passwd.lock /etc/shadow.lock /etc/group.lock /etc/gshadow.lock /etc/subuid.lock /etc/subgid.lock
  holder=$(getent passwd "$UID" | cut -d: -f1)
  [ -z "$holder" ] || [ "$holder" = "$USER" ] || userdel "$holder" 2>/dev/null
  make_group
  if ! getent passwd "$USER" >/dev/null; then
    useradd --uid "$UID" --gid "$GID" --home-dir "$home" --no-create-home --shell /bin/bash "$USER" 2>/dev/null
  elif [ "$(getent passwd "$USER" | cut -d: -f3,4,6)" != "$UID:$GID:$home" ]; then
    usermod --uid "$UID" --gid "$GID" --home "$home" --shell /bin/bash "$USER" 2>/dev/null
  fi
  for number in $given_groups; do name_group "$number"; done
  make_home
}
