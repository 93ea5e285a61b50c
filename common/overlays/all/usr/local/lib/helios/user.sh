# shellcheck shell=sh
# Sourced by an image's init after home.sh: makes USER, UID and GID the desktop's user. What the base image put under the same name or
# number gives way; a home that exists keeps its files. HOME stays root's own: what root runs here would else look into the user's.

# Where /etc can't be written to, or isn't the user's to write to, the account is in files that libc reads beside /etc's.
make_user() {
  if is_root && [ -w /etc/passwd ]; then make_account; else wrap_account; fi
  make_home
  case $home in
    /run/*) echo "helios: the home is $home, which goes with the container: expected a volume on /home/$USER or on /home to keep it" >&2 ;;
  esac
}

# Accounts of that name or number make way, as they do in /etc. /var/lib/extrausers leads there, which takes no account of a group of the
# system's: one that the container has, such as root's on OpenShift, stays what it is called.
wrap_account() {
  mkdir -p /run/helios/nss
  group=$GID
  if [ "$group" -lt 1000 ] && [ "$group" -ne 100 ]; then group=$UID; fi
  awk -F: -v name="$USER" -v id="$UID" '$1 != name && $3 != id' /etc/passwd >/run/helios/nss/passwd
  awk -F: -v name="$USER" -v id="$group" '$1 != name && $3 != id' /etc/group >/run/helios/nss/group
  echo "$USER:x:$UID:$group::$home:/bin/bash" >>/run/helios/nss/passwd
  echo "$USER:x:$group:" >>/run/helios/nss/group
  for number in $given_groups; do echo "group$number:x:$number:$USER" >>/run/helios/nss/group; done
}

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
make_account() {
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
}
