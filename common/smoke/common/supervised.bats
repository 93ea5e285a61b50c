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

@test "when memory runs out, programs end before what the desktop stands on" {
  desktop box
  local each
  for each in xvnc dbus pulseaudio; do
    assert [ "$(score xfce4-panel)" -ge $(($(score "$each") + 100)) ]
    assert [ "$(score "$each")" -ge "$(inside box cat /proc/1/oom_score_adj)" ]
  done
}
