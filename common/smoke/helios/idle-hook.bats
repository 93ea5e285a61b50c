# `/etc/helios/idle.d/*.sh` run after `IDLE_TIME` without input.

setup() { load ../lab/lab; }

hook() {
  mkdir -p "$(rootfs "$1")/etc/helios/idle.d"
  # shellcheck disable=SC2016
  echo 'echo "$(id -u) $IDLE_TIME" >>/var/idle' >"$(rootfs "$1")/etc/helios/idle.d/10-note.sh"
  chmod 0755 "$(rootfs "$1")/etc/helios/idle.d/10-note.sh"
}

idle() { [ -s "$(rootfs "$1")/var/idle" ]; }

# Some distros have no xprintidle.
without_xprintidle() {
  local path
  for path in usr/local/bin usr/bin; do rm -f "$(rootfs "$1")/$path/xprintidle"; done
}

@test "idle.d runs once after IDLE_TIME minutes without input, and not while there is some" {
  for name in left bare busy; do
    unpack "$name"
    hook "$name"
    [ "$name" != bare ] || without_xprintidle "$name"
    start "$name" USER=bob UID=1000 "${REQUIRED[@]}" IDLE_TIME=0.5
  done
  for name in left bare busy; do poll 40 usable "$name"; done
  used() {
    client busy move $((RANDOM % 1000)) 300 >/dev/null
    idle left && idle bare
  }
  poll 60 used
  run idle busy
  assert_failure
  once() { [ "$(cat "$(rootfs left)/var/idle" "$(rootfs bare)/var/idle" | wc -l)" = 2 ]; }
  holds 5 once
  run cat "$(rootfs left)/var/idle"
  assert_output --regexp '^[0-9]+ 0.5$'
}

@test "without IDLE_TIME nobody watches" {
  desktop box
  run services box
  refute_output --partial idle
}

@test "another IDLE_TIME refuses" {
  for value in 0 0.0 -1 . abc '1;id' 99999999999; do refuses IDLE_TIME "IDLE_TIME=$value"; done
}
