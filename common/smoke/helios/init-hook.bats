# `/etc/helios/init.d/*.sh`, and after them `/etc/helios/init.d/NAME/entrypoint.sh`, run as root before the user exists. One that fails is reported and doesn't stop the boot. One that is ended after
# `HOOK_TIMEOUT` seconds has ten more to finish what it does.

setup() { load ../lab/lab; }

# hook NAME [MODE]: puts a script from stdin where such hooks are.
hook() {
  mkdir -p "$(dirname "$(rootfs box)/etc/helios/init.d/$1")"
  cat >"$(rootfs box)/etc/helios/init.d/$1"
  chmod "${2:-0755}" "$(rootfs box)/etc/helios/init.d/$1"
}

@test "scripts run as root, in order, before the user exists, and see the environment" {
  unpack box
  hook 20-second.sh 0644 <<'SH'
echo second >>/var/hooks
SH
  hook 10-first.sh <<'SH'
#!/bin/bash
echo "first $(id -u) $(id -u bob 2>/dev/null || echo none) $USER $UID $COLOUR" >>/var/hooks
SH
  hook 0-plugin/entrypoint.sh 0644 <<<'cat /etc/helios/init.d/0-plugin-1/data >>/var/hooks'
  hook 0-plugin-1/data <<<third
  begin start box COLOUR=green
  run cat "$(rootfs box)/var/hooks"
  assert_line --index 0 --regexp '^first 0 none bob [0-9]+ green$'
  assert_line --index 1 second
  assert_line --index 2 third
}

@test "what a hook lays into the home stays" {
  unpack box
  hook 10-home.sh <<'SH'
mkdir -p /home/bob && echo 'my own' >/home/bob/.bashrc
SH
  begin start box
  assert_equal "$(cat "$(rootfs box)/home/bob/.bashrc")" 'my own'
}

@test "one that fails is reported and doesn't stop the boot" {
  unpack box
  hook 10-fails.sh <<'SH'
exit 7
SH
  hook 12-windows.sh <<<$'exit 3\r'
  hook 15-broken.sh <<<'if'
  hook 20-after.sh <<<'touch /var/after'
  begin start box
  assert [ -e "$(rootfs box)/var/after" ]
  run cat "$LAB/box/log"
  assert_output --regexp '10-fails\.sh.*7'
  assert_output --regexp '12-windows\.sh.* end as on Windows'
  assert_output --partial 15-broken.sh
}

@test "one that never ends is cut off and reported" {
  unpack box
  hook 10-hangs.sh <<<'sleep 1000'
  start box USER=bob UID=1000 "${REQUIRED[@]}" HOOK_TIMEOUT=3
  poll 40 usable box
  run cat "$LAB/box/log"
  assert_output --regexp '10-hangs\.sh was ended after 3 s: expected .* a higher HOOK_TIMEOUT'
}

@test "one that is cut off may finish what it does" {
  unpack box
  hook 10-installs.sh <<<'trap "sleep 3; touch /var/finished; exit" TERM; sleep 1000 & wait'
  start box USER=bob UID=1000 "${REQUIRED[@]}" HOOK_TIMEOUT=2
  poll 40 usable box
  assert [ -e "$(rootfs box)/var/finished" ]
}

@test "another HOOK_TIMEOUT refuses" {
  for limit in 0 -1 abc 1.5 3601; do refuses HOOK_TIMEOUT "HOOK_TIMEOUT=$limit"; done
}
