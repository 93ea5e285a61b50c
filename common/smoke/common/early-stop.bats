# A container that is told to stop while it starts ends within five seconds by itself, at any moment. One that was ended while it made the
# user starts again.

setup() { load ../lab/lab; }

# begun: the container's own first program runs, in place of the runtime's.
begun() {
  local pid command
  pid=$(init_pid box) && [ -n "$pid" ] && command=$(tr '\0' ' ' <"/proc/$pid/cmdline") && [ -n "$command" ] && [[ $command != *"$LAB/runtime"* ]]
}

# starting: a fresh container whose first program began a moment ago.
starting() {
  local end=$((SECONDS + 10))
  boot box USER=bob UID=1000 "${REQUIRED[@]}"
  until begun 2>/dev/null; do ((SECONDS < end)); done
}

@test "a stop that comes while it starts ends it, with 0 or 143" {
  local seconds
  for seconds in 0 0.01 0.05 0.1 0.2 0.3 0.5 1 2; do
    echo "told after $seconds s"
    starting
    sleep "$seconds"
    runtime kill box "$STOP_SIGNAL"
    ended box 5
    assert_regex "$code" '^(0|143)$'
    discard box
  done
}

@test "locks of a start that was ended while it made the user are nobody's" {
  unpack box
  local file
  for file in passwd group shadow gshadow subuid subgid; do printf 1 >"$(rootfs box)/etc/$file.lock"; done
  begin start box
}
