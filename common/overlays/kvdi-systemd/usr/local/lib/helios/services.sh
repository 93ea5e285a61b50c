# shellcheck shell=sh
# Sourced by kvdi-init, as process 1: checks what systemd needs of a container, hands it the session's environment and becomes it.

# Beside what a plain container has, systemd wants two tmpfs and a cgroup to write to; with CAP_SYS_ADMIN it is made that.
check_runtime() {
  is_root || refuse "started as user $started_as: expected root, which systemd is; leave out --user"
  [ $$ -eq 1 ] || refuse "process $$ can't be systemd: expected to be process 1; for example no --init and no --pid=host"
  for folder in /run /run/lock; do
    mountpoint -q $folder || refuse "$folder is no mount of its own: systemd expected a tmpfs; for example --tmpfs /run --tmpfs /run/lock"
  done
  has_cgroup || mount_cgroup 2>/dev/null || true
  has_cgroup || refuse "/sys/fs/cgroup is no cgroup of version 2 that systemd can write to: expected the container's own; for example podman's --systemd=always, or --cap-add=SYS_ADMIN"
}

has_cgroup() {
  own=/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)
  [ -w "$own" ] && grep -qx $$ "$own/cgroup.procs" 2>/dev/null
}

# One of the same kind can't be mounted over another.
mount_cgroup() {
  umount --lazy /sys/fs/cgroup
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
}

run_services() {
  [ -s /etc/machine-id ] || tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id
  hand_over "user@$UID.service" "desktop@$UID.service"
  install -d /run/systemd/system/multi-user.target.wants
  ln -sf "/etc/systemd/system/desktop@.service" "/run/systemd/system/multi-user.target.wants/desktop@$UID.service"
  # To systemctl, --global --user is --user: what was enabled so is root's alone until here.
  install -d /run/systemd/user
  [ ! -d /root/.config/systemd/user ] || cp -a /root/.config/systemd/user/. /run/systemd/user/
  # systemd leaves the container's own output: what the journal gets is read from here.
  rm -f /run/helios/log
  mkfifo -m 0600 /run/helios/log
  cat <>/run/helios/log &
  export container="${container:-oci}" HOME="$home"
  exec /usr/lib/systemd/systemd
}

# hand_over UNIT...: units that get the environment as it is, by its variables' names, so that no value is ever read as anything.
hand_over() {
  names=$(env -0 | tr '\0\n' '\n?' | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p' | grep -vxE '_|PWD|container|NOTIFY_SOCKET|LISTEN_.*' | tr '\n' ' ')
  for unit; do
    install -d "/run/systemd/system/$unit.d"
    printf '[Service]\nPassEnvironment=%s\n' "$names" >"/run/systemd/system/$unit.d/environment.conf"
  done
}
