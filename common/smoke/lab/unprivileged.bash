# shellcheck shell=bash
# A container as Pod Security's level "restricted" takes it: not root's, with no capability and none to be had, and with an image that can't be
# written to. Loaded by the check of that; with UNPRIVILEGED set every check's containers are such.

# as_owner UID:GID: those that are started from here on are that user's.
as_owner() {
  OWNER=$1 CAPABILITIES='[]' NO_NEW_PRIVILEGES=true
  AS=".process.user = {uid: ${1%:*}, gid: ${1#*:}} | .root.readonly = true"
}

# What a container is given to write to, as emptyDir is: a check may say less. Hooks of the other checks say in /var that they were there.
WRITABLE_FOLDERS=(/run /tmp)
volumes() {
  local folder
  [ -z "${UNPRIVILEGED-}" ] || chmod 1777 "$(rootfs "$1")/var"
  for folder in "${WRITABLE_FOLDERS[@]}"; do
    mkdir -p "$(rootfs "$1")$folder"
    mount -t tmpfs -o mode=0777 tmpfs "$(rootfs "$1")$folder"
  done
}

[ -z "${UNPRIVILEGED-}" ] || {
  as_owner "$OWNER"
  AS+=' | .root.readonly = false'
  WRITABLE_FOLDERS+=(/home)
}
