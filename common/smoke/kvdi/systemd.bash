# shellcheck shell=bash
# What the checks of kvdi need to know of systemd: beside what a plain container has it wants a tmpfs on /run and on
# /run/lock, and a cgroup of its own, where a runtime's own manager of cgroups would give it one.

# SIGRTMIN+3, as the image says.
STOP_SIGNAL=37
GROUPS_MOUNT=/sys/fs/cgroup
TMPFS=(/run /run/lock)
CGROUP_OPTIONS=${CGROUP_OPTIONS:-'["rw","bind"]'}
SPEC='(.linux.namespaces |= map(select(.type != "cgroup")) + [{type: "cgroup"}])
  | (.mounts |= map(select(.destination != "/sys/fs/cgroup")) + [{destination: "/sys/fs/cgroup", type: "bind", source: $group, options: $options}])'

group_of() { readlink "$LAB/$1/group"; }

# connect NAME: a fresh /run and a fresh cgroup, at each start.
connect() {
  disconnect "$1"
  [ -w "$GROUPS_MOUNT/cgroup.procs" ] || {
    umount --lazy "$GROUPS_MOUNT" 2>/dev/null || true
    mount -t cgroup2 cgroup2 "$GROUPS_MOUNT"
  }
  ln -s "$(mktemp --directory "$GROUPS_MOUNT/helios-XXXXXX")" "$LAB/$1/group"
  chmod 0755 "$(group_of "$1")"
  local folder
  for folder in "${TMPFS[@]}"; do
    mkdir -p "$(rootfs "$1")$folder"
    mount -t tmpfs -o mode=0755 tmpfs "$(rootfs "$1")$folder"
  done
}

disconnect() {
  ! mountpoint --quiet "$(rootfs "$1")/run" || umount --lazy "$(rootfs "$1")/run"
  [ -L "$LAB/$1/group" ] || return 0
  find "$(group_of "$1")" -depth -type d -exec rmdir {} + || true
  rm "$LAB/$1/group"
}

# What runs a container puts itself into its cgroup first.
runtime() {
  [ "$1" != run ] || echo "$BASHPID" >"$(group_of "${!#}")/cgroup.procs"
  crun --root "$LAB/runtime" --cgroup-manager=disabled "$@"
}

spec_arguments() { printf '%s\n' --arg group "$(group_of "$1")" --argjson options "$CGROUP_OPTIONS"; }

# units NAME COMMAND...: systemctl for the units of the desktop's user.
units() { as_user "$1" systemctl --user --no-pager "${@:2}"; }

enabled() { find "$(rootfs "$1")/etc/systemd/user/default.target.wants" -name '*.service' -printf '%f\n'; }

# services NAME: one "PID name" for each unit that is enabled and for the user's systemd itself.
services() {
  local wanted
  mapfile -t wanted < <(enabled "$1")
  {
    units "$1" show --property=MainPID,Id,ActiveState "${wanted[@]}"
    echo
    inside "$1" systemctl show --property=MainPID,Id,ActiveState user@1000.service
  } | awk -v RS= -v FS='[=\n]' '{ for (i = 1; i < NF; i += 2) of[$i] = $(i + 1) }
    of["ActiveState"] == "active" && of["MainPID"] > 0 { sub(/\.service$/, "", of["Id"]); print of["MainPID"], of["Id"] }'
}

# add_program NAME PROGRAM COMMAND: one unit more in a container that was unpacked.
add_program() {
  cat >"$(rootfs "$1")/etc/systemd/user/$2.service" <<UNIT
[Service]
ExecStart=$3
Restart=always
[Install]
WantedBy=default.target
UNIT
  chroot "$(rootfs "$1")" systemctl enable --quiet --global --user "$2"
}
