# `/etc/helios/shutdown.d/*.sh` run when the container is stopped, while the desktop can still be used.

setup() { load ../lab/lab; }

# hook NAME: puts a script from stdin where such hooks are.
hook() {
  mkdir -p "$(rootfs box)/etc/helios/shutdown.d"
  cat >"$(rootfs box)/etc/helios/shutdown.d/$1"
}

stop() {
  runtime kill box TERM
  ended box 10
}

@test "scripts run in order when the container is stopped, while the desktop can be used, and see the environment" {
  unpack box
  hook 10-fails.sh <<<'exit 7'
  hook 20-looks.sh <<'SH'
/command/s6-svstat -o up /run/service/xvnc >/var/shutdown
echo "$USER $COLOUR" >>/var/shutdown
SH
  begin start box COLOUR=green
  assert [ ! -e "$(rootfs box)/var/shutdown" ]
  stop
  assert_equal "$code" 0
  run cat "$(rootfs box)/var/shutdown"
  assert_line --index 0 true
  assert_line --regexp '^bob green$'
  run cat "$LAB/box/log"
  assert_output --regexp '10-fails\.sh.*7'
}

@test "one that hangs doesn't keep the container" {
  unpack box
  hook 10-hangs.sh <<<'sleep 1000'
  begin start box
  stop
  run cat "$LAB/box/log"
  assert_output --partial '10-hangs.sh was ended'
}

@test "^C in its terminal stops a container the same way" {
  unpack box
  hook 10-runs.sh <<<'touch /var/shutdown'
  begin start box
  runtime kill box INT
  ended box 10
  assert_equal "$code" 0
  assert [ -e "$(rootfs box)/var/shutdown" ]
}
