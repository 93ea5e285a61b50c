setup() { load ../lab/lab; }

@test "tini is process 1 and supervisord runs every service" {
  desktop box
  run inside box readlink /proc/1/exe
  assert_output --partial tini
  run inside box supervisorctl -c /etc/supervisor/helios.conf status
  assert_success
  refute_output --regexp 'FATAL|BACKOFF|STOPPED|EXITED'
}

@test "six of a plain container's capabilities and no new privileges are enough" {
  CAPABILITIES='["CAP_CHOWN","CAP_DAC_OVERRIDE","CAP_FOWNER","CAP_SETUID","CAP_SETGID","CAP_KILL"]'
  NO_NEW_PRIVILEGES=true
  desktop box
  run picture box /tmp/desktop.png
  assert_success
}

@test "the desktop's programs have no capability at all" {
  desktop box
  run inside box sh -c 'for p in $(grep -l "^Uid:.1000" /proc/[0-9]*/status); do grep CapEff "$p"; done 2>/dev/null | sort -u'
  assert_output --regexp '^CapEff:.0000000000000000$'
}
