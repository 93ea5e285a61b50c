# A container that runs as any user from 1000 up, of whatever group, with no capability, no new privileges and an image that it can't write
# to, is a desktop of that user's: it takes `USER` for a name, and a volume on the home, or has a home as long as it lasts. So the user
# has what root has elsewhere: hooks run as that user, whose programs can read what the page's server knows. What takes root refuses, in
# one line: another `UID` or `GID`, a port that the user may not have, and systemd.

setup() {
  load ../lab/lab
  load ../lab/unprivileged
  # As OpenShift gives them.
  as_owner 1000680000:0
}

# systemd is root, so that its images keep the last two alone.
takes_any_user() { [ "$INIT" != systemd ]; }

# mine NAME [KEY=VALUE...]: a desktop of that user's that is told nothing but the name.
mine() {
  boot "$1" USER=bob "${REQUIRED[@]}" "${@:2}"
  poll 30 usable "$1"
}

# each_process FIELD: what /proc says of that of all the container's processes, each once.
each_process() { inside box sh -c 'sed -n "s/^$1:[[:blank:]]*//p" /proc/[0-9]*/status 2>/dev/null | sort -u' - "$1"; }

@test "it comes up and shows the desktop to who may see it, all of it as that user, who has no capability" {
  takes_any_user || return 0
  mine box
  filtered box
  picture box /tmp/desktop.png
  assert_equal "$(each_process Uid)" $'1000680000\t1000680000\t1000680000\t1000680000'
  assert_equal "$(each_process Gid)" $'0\t0\t0\t0'
  local field
  for field in CapInh CapPrm CapEff CapBnd CapAmb; do assert_equal "$(each_process $field)" 0000000000000000; done
  assert grep --quiet --perl-regexp '^NoNewPrivs:\t1$' "/proc/$(init_pid box)/status"
}

@test "libc and programs know the user by name, whose home goes with the container" {
  takes_any_user || return 0
  mine box
  run inside box env --ignore-environment id --user --name
  assert_output bob
  run as_user box sh -c 'cd && touch here && echo "$USER $PWD" && ls -A'
  assert_line --index 0 'bob /run/home/bob'
  assert_line .bashrc
  assert_equal "$(inside box /usr/local/bin/as-user sh -c 'echo "$DISPLAY $(pwd) $(id --user)"')" ":$(display_of box) /run/home/bob 1000680000"
  assert grep --quiet 'the home is /run/home/bob, which goes with the container: expected a volume' "$LAB/box/log"
}

@test "a volume on the way to the home, or on it, has the home, and what is in it stays" {
  takes_any_user || return 0
  WRITABLE_FOLDERS+=(/home)
  mine box
  assert [ -f "$(rootfs box)/home/bob/.bashrc" ]
  discard box
  WRITABLE_FOLDERS+=(/home/bob)
  mine box
  assert [ -f "$(rootfs box)/home/bob/.bashrc" ]
  run grep 'could be copied' "$LAB/box/log"
  assert_failure
  discard box
  unpack box
  echo mine >"$(rootfs box)/home/bob/notes"
  start box USER=bob "${REQUIRED[@]}"
  poll 30 usable box
  run inside box /usr/local/bin/as-user sh -c 'pwd && cat notes'
  assert_output $'/home/bob\nmine'
}

@test "with an image that can be written to it writes to no other place" {
  takes_any_user || return 0
  AS+=' | .root.readonly = false'
  mine box
  run find "$LAB/box/upper" -uid 1000680000
  assert_output ''
}

@test "what the page's server and the display know is nobody else's to read, and the page's password is with no process and in no file" {
  takes_any_user || return 0
  mine box
  run stat -c %a "$(rootfs box)/run/helios" "$(rootfs box)/run/user/${OWNER%:*}"
  assert_output $'700\n700'
  [ "$PROFILE" = helios ] || return 0
  local process files=()
  for process in $(pgrep --ns "$(init_pid box)" --nslist pid .); do files+=("/proc/$process/environ" "/proc/$process/cmdline"); done
  assert [ "${#files[@]}" -gt 10 ]
  run grep --text --no-messages --recursive --devices=skip --files-with-matches "$SECRET" "${files[@]}" "$(rootfs box)/run"
  assert_output ''
}

answers() { as_user box pactl info; }

@test "it has sound, is back after a stop, and a stop is in order" {
  takes_any_user || return 0
  mine box
  poll 10 answers
  runtime kill box TERM
  ended box 10
  assert_equal "$code" 0
  start box USER=bob "${REQUIRED[@]}"
  poll 30 usable box
  assert_equal "$(display_of box)" 1
}

@test "hooks run as the user, at home" {
  takes_any_user || return 0
  unpack box
  mkdir -p "$(rootfs box)/etc/helios/shutdown.d"
  echo 'echo "hook: $(id -u) $HOME"' >"$(rootfs box)/etc/helios/shutdown.d/10-says.sh"
  start box USER=bob "${REQUIRED[@]}"
  poll 30 usable box
  runtime kill box TERM
  ended box 10
  assert grep --quiet '^hook: 1000680000 /run/home/bob$' "$LAB/box/log"
}

# can_not TEXT [KEY=VALUE...]: a container that is told that refuses with that text.
can_not() {
  boot box USER=bob "${REQUIRED[@]}" "${@:2}"
  ends_refusing box "$1" || return 1
  discard box
}

@test "what takes root refuses" {
  takes_any_user || {
    can_not 'started as user 1000680000: expected root, which systemd is'
    return
  }
  can_not "UID='1000': the container runs as 1000680000" UID=1000
  can_not "GID='1000': the container runs as 0" GID=1000
  can_not "UID='0': the container runs as" UID=0
  [ "$PROFILE" = kvdi ] || can_not 'HTTP_PORT=80: user 1000680000 may not listen there: expected' HTTP_PORT=80
  as_owner 33:0
  can_not '--user=33: expected a number from 1000'
  as_owner 65534:65534
  can_not '--user=65534: expected a number from 1000'
}

@test "a folder that has to be written to, and can't be, refuses" {
  takes_any_user || return 0
  local folder
  for folder in /run /tmp; do
    WRITABLE_FOLDERS=(/run /tmp)
    WRITABLE_FOLDERS=("${WRITABLE_FOLDERS[@]/$folder/\/mnt}")
    can_not "$folder can't be written to by user 1000680000: expected"
  done
  WRITABLE_FOLDERS=(/run /tmp)
  unpack box
  mkdir -m 0755 "$(rootfs box)/home/bob"
  start box USER=bob "${REQUIRED[@]}"
  ends_refusing box "/home/bob can't be written to by user 1000680000"
}

@test "root that lacks a capability refuses, and names it" {
  AS=. NO_NEW_PRIVILEGES=false
  CAPABILITIES=$(jq --compact-output '. - ["CAP_SETUID", "CAP_KILL"]' <<<"$PLAIN")
  can_not 'expected --cap-add=KILL,SETUID' UID=1000
}
