# With `--init=systemd`, what `systemctl enable --global --user` enables starts as the desktop's user, with no capability beyond a plain
# container's, under Docker's default seccomp profile. A container that lacks what systemd needs ends with one line.

setup() { load ../lab/lab; }

# settled NAME: its start is over. sid's systemd calls itself degraded with no unit that has failed, so those are counted.
settled() { inside "$1" systemctl is-system-running | grep --line-regexp --extended-regexp 'running|degraded'; }

@test "systemd is process 1, runs a systemd of the desktop's user, and no unit of either fails" {
  desktop box
  run inside box cat /proc/1/comm
  assert_output systemd
  poll 10 settled box
  run inside box systemctl list-units --failed --plain --no-legend
  assert_output ''
  run units box list-units --failed --plain --no-legend
  assert_output ''
  assert_equal "$(inside box stat --format=%U "/proc/$(pid_of user@1000)")" bob
}

@test "the desktop's programs are units that are enabled for every user and run" {
  desktop box
  local name
  for name in dbus xvnc pulseaudio xfsettingsd xfwm4 xfce4-panel xfdesktop; do
    assert_equal "$(chroot "$(rootfs box)" systemctl --global is-enabled "$name")" enabled
    poll 5 units box is-active "$name"
  done
}

# To break a circle systemd leaves a unit of it out, another one at each start.
@test "no unit waits for itself" {
  desktop box
  run inside box systemd-analyze verify --man=no multi-user.target
  refute_output --partial 'ordering cycle'
  run as_user box systemd-analyze --user verify --man=no default.target
  refute_output --partial 'ordering cycle'
}

@test "what would set the machine's own kernel is masked, whatever a runtime lets it do" {
  unpack box
  local name
  for name in sysctl modules-load binfmt; do
    assert_equal "$(chroot "$(rootfs box)" systemctl is-enabled "systemd-$name.service")" masked
  done
}

@test "what systemctl enable --global --user enables starts as the desktop's user, and is in the container's log" {
  unpack box
  add_program box mine 'sh -c "id --user --name; exec sleep infinity"'
  start box USER=alice UID=4242
  poll 30 grep --quiet --line-regexp alice "$LAB/box/log"
}

@test "a unit gets the container's environment as it is" {
  local value=$'a "b" \\n %h $(id) \'c\' #d\n=e'
  unpack box
  add_program box mine "sh -c 'printf %%s \"\$\$MINE\" >/home/bob/mine; exec sleep infinity'"
  start box USER=bob UID=1000 "MINE=$value"
  poll 30 handed_over "$value"
}

handed_over() { [ "$(cat "$(rootfs box)/home/bob/mine")" = "$1" ]; }

@test "seven of a plain container's capabilities and no new privileges are enough" {
  CAPABILITIES='["CAP_CHOWN","CAP_DAC_OVERRIDE","CAP_FOWNER","CAP_SETUID","CAP_SETGID","CAP_SETPCAP","CAP_KILL"]'
  shows_without_more_privileges
}

@test "Docker's default seccomp profile is in force, and enough" {
  refuses_namespaces
}

@test "the desktop's programs have no capability at all" {
  programs_have_no_capability
}

@test "a container without a tmpfs on /run and /run/lock, or a cgroup to write to, refuses" {
  TMPFS=()
  refuses '/run is no mount of its own'
  TMPFS=(/run)
  refuses '/run/lock is no mount of its own'
  TMPFS=(/run /run/lock)
  CGROUP_OPTIONS='["ro","bind"]' refuses '/sys/fs/cgroup is no cgroup'
}

@test "with CAP_SYS_ADMIN no cgroup need be given" {
  CGROUP_OPTIONS='["ro","bind"]'
  CAPABILITIES=$(jq --compact-output '. + ["CAP_SYS_ADMIN"]' <<<"$PLAIN")
  desktop box
  # Docker's profile allows more to a container with more capabilities.
  inside box unshare --user true
}

@test "a root file system that can't be written to refuses" {
  SPEC="$SPEC | .root.readonly = true"
  refuses '/etc/passwd cannot be written'
}
