setup() { load ../lab/lab; }

hook() {
  mkdir -p "$(rootfs "$1")/etc/helios/idle.d"
  # shellcheck disable=SC2016
  echo 'echo "$(id -u) $IDLE_TIME" >>/var/idle' >"$(rootfs "$1")/etc/helios/idle.d/10-note.sh"
  chmod 0755 "$(rootfs "$1")/etc/helios/idle.d/10-note.sh"
}

idle() { [ -s "$(rootfs "$1")/var/idle" ]; }

@test "idle.d runs once after IDLE_TIME minutes without input, and not while there is some" {
  for name in left busy; do
    unpack "$name"
    hook "$name"
    start "$name" USER=bob UID=1000 "${REQUIRED[@]}" IDLE_TIME=0.5
  done
  poll 40 usable left
  poll 40 usable busy
  used() {
    client busy move $((RANDOM % 1000)) 300 >/dev/null
    idle left
  }
  poll 60 used
  run idle busy
  assert_failure
  once() { [ "$(wc -l <"$(rootfs left)/var/idle")" = 1 ]; }
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
  for value in 0 0.0 -1 . abc '1;id' 99999999999 ''; do refuses IDLE_TIME "IDLE_TIME=$value"; done
}
