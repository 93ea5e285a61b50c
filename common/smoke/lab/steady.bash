# shellcheck shell=bash
# What others, who misbehave, cost who uses the desktop, and what they cost the X server of "box".

# What the user may wait for a key's colour, and how much more memory than at rest the server may take.
MOST_MS=1000
MOST_KB=$((128 * 1024))

# The check says by what means the user types (typist SECONDS) and others connect (misbehave WHO COMMAND...).

# lit: keys are seen on the display.
lit() {
  on_x box key-light >/tmp/light 2>&1 3>&- &
  poll 10 grep --quiet ready /tmp/light
}

# at_rest: remembers the server's process and what it has when only the user's client was there.
at_rest() {
  lit
  typing 2
  wait "$typist"
  server=$(host_pid xvnc)
  rested=$(numbers)
  running=$(services box)
  held=$(kilobytes VmRSS)
  echo 5 >"/proc/$server/clear_refs"
}

# numbers: of descriptors and of threads.
numbers() { echo "$(find "/proc/$server/fd" -type l | wc -l) $(find "/proc/$server/task" -mindepth 1 -maxdepth 1 | wc -l)"; }

kilobytes() { awk -v name="$1:" '$1 == name { print $2 }' "/proc/$server/status"; }

# typing SECONDS: the user types so long in the background, and how long keys took is in /tmp/typed.
typing() {
  typist "$1" >/tmp/typed 2>&1 &
  typist=$!
  poll 20 grep --quiet typing /tmp/typed
}

# unharmed SECONDS HOW:COUNT:WHO...: while so many clients misbehave, each key's colour is seen in time.
unharmed() {
  local seconds=$1 each how count who others=()
  shift
  typing "$((seconds + 2))"
  for each in "$@"; do
    IFS=: read -r how count who <<<"$each"
    misbehave "$who" nice bad-clients "$how" "$count" "$seconds" >"/tmp/bad-${#others[@]}" 2>&1 &
    others+=("$!")
  done
  wait "$typist" "${others[@]}" || true
  tail -n 1 /tmp/typed /tmp/bad-*
  rm -f /tmp/bad-*
  assert [ "$(tail -n 1 /tmp/typed | jq '.slowest | floor')" -le "$MOST_MS" ]
}

# survived: the server is the one that it was, and didn't take more memory than it may.
survived() {
  assert_equal "$(services box)" "$running"
  echo "$held kB before, $(kilobytes VmHWM) kB at most, $(kilobytes VmRSS) kB now"
  assert [ "$(kilobytes VmHWM)" -le $((held + MOST_KB)) ]
  echo "descriptors and threads before: $rested"
  poll 30 rests
}

rests() {
  local now before
  read -ra now <<<"$(numbers)"
  read -ra before <<<"$rested"
  echo "now: ${now[*]}"
  ((now[0] <= before[0] && now[1] <= before[1]))
}
