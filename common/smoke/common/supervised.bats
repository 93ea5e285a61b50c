# A service whose process was killed is back within 5 s. When memory runs out, the desktop's programs end before what the desktop stands on.

setup() { load ../lab/lab; }

all_run() { [ "$(services box | cut -d' ' -f2)" = "$1" ]; }

@test "every service is back within 5 s after its process was killed" {
  desktop box
  local pid name names
  names=$(services box | cut -d' ' -f2)
  for name in $names; do
    pid=$(pid_of "$name")
    echo "killing $name ($pid)"
    inside box kill -KILL "$pid"
    poll 5 back "$name" "$pid"
    poll 10 usable box
    poll 10 all_run "$names"
  done
  assert [ "$(wc -w <<<"$names")" -ge 3 ]
}

@test "the desktop is the same after its X server was killed" {
  desktop box
  local pid
  pid=$(pid_of xvnc)
  inside box kill -KILL "$pid"
  poll 5 back xvnc "$pid"
  poll 10 usable box
  poll 10 picture box /tmp/again.png
}

# score SERVICE: the kernel ends whose is higher first when memory runs out.
score() { inside box cat "/proc/$(pid_of "$1")/oom_score_adj"; }

# They run as the user, who may end them.
@test "a program that is killed at the start, once and as the user, doesn't take the desktop with it" {
  unpack box
  local programs name
  programs=$(rootfs box)/usr/local/lib/helios/bin
  for name in fit-settings desktop-files graphics; do
    if [ -e "$programs/$name" ]; then printf '#!/bin/sh\nkill -KILL $$\n' >"$programs/$name"; fi
  done
  begin start box
  sleep 3
  usable box
}

@test "when memory runs out, programs end before what the desktop stands on" {
  desktop box
  local each
  for each in xvnc dbus pulseaudio; do
    assert [ "$(score xfce4-panel)" -ge $(($(score "$each") + 100)) ]
    assert [ "$(score "$each")" -ge "$(inside box cat /proc/1/oom_score_adj)" ]
  done
}
