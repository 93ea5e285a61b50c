# shellcheck shell=sh
# Sourced by an image's init after environment.sh and folders.sh: makes USER, UID and GID the desktop's user. What the base image put
# under the same name or number gives way; a home that exists keeps its files. HOME stays root's own: what root runs here would else
# look into the user's.

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

# The folder alone is given by root: what is in it may be links, and more names of others' files.
make_home() {
  [ -d "$home" ] || mkdir -m 0750 "$home"
  if [ -z "$(ls -A "$home")" ]; then
    chown -h "$UID:$GID" "$home"
    as_that_user cp -a /etc/skel/. "$home/"
  elif [ "$(stat -c %u "$home")" = 0 ]; then
    chown -h "$UID:$GID" "$home"
  fi
}

make_user() {
  home=/home/$USER
  holder=$(getent passwd "$UID" | cut -d: -f1)
  [ -z "$holder" ] || [ "$holder" = "$USER" ] || userdel "$holder" 2>/dev/null
  make_group
  if ! getent passwd "$USER" >/dev/null; then
    useradd --uid "$UID" --gid "$GID" --home-dir "$home" --no-create-home --shell /bin/bash "$USER" 2>/dev/null
  elif [ "$(id -u "$USER"):$(id -g "$USER")" != "$UID:$GID" ]; then
    usermod --uid "$UID" --gid "$GID" --home "$home" --shell /bin/bash "$USER" 2>/dev/null
  fi
  make_home
}
