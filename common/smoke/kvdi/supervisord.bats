# The desktop runs below tini and supervisord, with no capability beyond a plain container's, under Docker's default seccomp profile. When
# the container is stopped, the user's programs are asked to end, whoever started them.

setup() { load ../lab/lab; }

# A program of an image's own is for a second no more than starting.
none_starts() {
  local status
  status=$(inside box supervisorctl -c /etc/supervisor/helios.conf status)
  echo "$status"
  ! grep --quiet ' STARTING ' <<<"$status"
}

@test "tini is process 1 and supervisord runs every service" {
  desktop box
  # On a machine of another architecture /proc/1/exe is the emulator, and a script could have the name: what is mapped tells.
  run inside box grep --only-matching '/usr/bin/.*' /proc/1/maps
  assert_line /usr/bin/tini
  poll 10 none_starts
  run inside box supervisorctl -c /etc/supervisor/helios.conf status
  assert_line --regexp '^xvnc .* RUNNING '
  # autostart alone is done once, whose end supervisorctl's own status doesn't forgive.
  assert_equal "$(awk '$2 != "RUNNING" && $1 != "autostart"' <<<"$output")" ''
  refute_line --regexp '^autostart .*(FATAL|BACKOFF|STOPPED)'
}

@test "six of a plain container's capabilities and no new privileges are enough" {
  CAPABILITIES='["CAP_CHOWN","CAP_DAC_OVERRIDE","CAP_FOWNER","CAP_SETUID","CAP_SETGID","CAP_KILL"]'
  shows_without_more_privileges
}

@test "Docker's default seccomp profile is in force, and enough" {
  refuses_namespaces
}

@test "the desktop's programs have no capability at all" {
  programs_have_no_capability
}

@test "a file of conf.d that supervisord can't read ends the container, and its code is told" {
  unpack box
  echo 'no section' >"$(rootfs box)/etc/supervisor/conf.d/mine.conf"
  start box USER=bob UID=1000
  ended box 10
  assert_equal "$code" 70
  assert_equal "$(tail -n 1 "$LAB/box/log")" 'helios: supervisord ended with 2'
}

@test "a root file system that can't be written to refuses" {
  SPEC='.root.readonly = true'
  refuses '/etc/passwd cannot be written'
}

@test "a program that was started from outside is asked to end" {
  desktop box
  inside box /usr/local/bin/as-user sh -c 'trap "touch asked; exit" TERM; touch waits; sleep 99 & wait' 3>&- &
  poll 10 test -e "$(rootfs box)/home/bob/waits"
  runtime kill box TERM
  ended box 10
  assert_equal "$code" 0
  assert [ -e "$(rootfs box)/home/bob/asked" ]
}

@test "a program of an image's own that started a moment ago is asked to end" {
  unpack box
  # supervisord waits for 10 s for its end.
  add_program box mine 'sleep 99'
  start box USER=bob UID=1000
  poll 10 test -s "$(rootfs box)/run/supervisord.pid"
  runtime kill box TERM
  ended box 5
  assert_equal "$code" 0
}
