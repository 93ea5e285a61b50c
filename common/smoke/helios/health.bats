# `/health` needs no password and tells only names of services: 200 while the desktop can be used, 503 within 2 s of a death and within 10 s
# if a service hangs, which is then started anew. `/health/live` answers 503 once the X server has been gone for a minute.

setup() { load ../lab/lab; }

# ask PATH [OPTION...]: what a stranger is told there, and the status.
ask() { at box curl --silent --max-time 12 --write-out ' %{http_code}' "${@:2}" "$(url "$1")"; }

# red NAME: /health says 503 and names the service.
red() {
  local said
  said=$(ask health)
  echo "$said"
  [[ $said == *"\"$1\""*503 ]]
}

# live CODE: so does /health/live.
live() {
  local said
  said=$(ask health/live)
  echo "$said"
  [[ $said == *" $1" ]]
}

# runs NAME: it has a process.
runs() { [ "$(pid_of "$1")" ]; }

# stop NAME: its process is stopped, which is noticed and mended.
stop() {
  local pid
  pid=$(pid_of "$1")
  inside box kill -STOP "$pid"
  poll 10 red "$1"
  poll 10 back "$1" "$pid"
  poll 20 usable box
}

@test "/health needs no password and tells names of services alone" {
  desktop box
  run ask health
  assert_output --regexp ' 200$'
  local words word method
  words=$(grep -oE '[A-Za-z0-9_./-]{2,}' <<<"${output% 200}" | sort -u)
  for word in $words; do
    [[ $word =~ ^(status|ok|up|down|services?|healthy|true|false)$ ]] || [ -d "$(rootfs box)$SERVICES/$word" ] || [ -L "$(rootfs box)$SERVICES/$word" ] || {
      echo "tells \"$word\""
      return 1
    }
  done
  run ask health/live
  assert_output '{"down":[]}
 200'
  assert_equal "$(status box health --head)" 200
  for method in POST PUT DELETE OPTIONS PROPFIND X; do assert_equal "$(status box health --request "$method")" 405; done
}

@test "green means that the desktop can be used" {
  boot box USER=bob UID=1000 "${REQUIRED[@]}"
  poll 30 healthy box
  on_display box
  run client box
  assert_success
}

@test "it is red within 2 s of any service's end, names it, and is green again when that is back" {
  desktop box
  local name
  for name in xvnc xfwm4 xfce4-panel xfdesktop pulseaudio kclient dbus; do
    echo "$name"
    inside box kill -KILL "$(pid_of "$name")"
    poll 2 red "$name"
    poll 20 usable box
  done
}

@test "it stays red as long as a service is down" {
  desktop box
  inside box /command/s6-svc -d "$SERVICES/xfce4-panel"
  poll 2 red xfce4-panel
  holds 4 red xfce4-panel
  inside box /command/s6-svc -u "$SERVICES/xfce4-panel"
  poll 20 usable box
}

@test "it is red while the X server doesn't answer" {
  desktop box
  local pid socket
  pid=$(pid_of xvnc)
  socket=$(rootfs box)/tmp/.X11-unix/X1
  mv "$socket" "$socket.away"
  poll 12 red xvnc
  mv "$socket.away" "$socket"
  poll 12 usable box
  assert_equal "$(pid_of xvnc)" "$pid"
}

@test "a service that is stopped is named within 10 s, and starts anew" {
  desktop box IDLE_TIME=600
  local name
  for name in xfwm4 xfce4-panel xfdesktop xfsettingsd kclient pulseaudio nginx idle dbus xvnc; do
    echo "$name"
    stop "$name"
    assert grep --quiet "helios: $name hangs" "$LAB/box/log"
  done
}

@test "so is one of nginx's workers, which alone starts anew" {
  desktop box
  local master worker workers
  master=$(pid_of nginx)
  workers() { processes box | awk '/nginx: worker/ { print $1 }'; }
  replaced() { [ "$(workers | wc -l)" = "$1" ] && ! workers | grep -qx "$2"; }
  workers=$(workers)
  for worker in $workers; do
    inside box kill -STOP "$worker"
    poll 10 red nginx
    poll 10 replaced "$(wc -w <<<"$workers")" "$worker"
    poll 10 usable box
  done
  assert_equal "$(pid_of nginx)" "$master"
}

@test "so are those that watch and tell" {
  desktop box
  stop health
  stop watch
}

@test "a service that runs but answers nobody is named and starts anew" {
  unpack box
  # shellcheck disable=SC2016
  sed -i "1s/^/process.on('SIGUSR2', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));\n/" "$(rootfs box)/opt/helios/kclient/index.js"
  begin start box
  local pid
  pid=$(pid_of kclient)
  inside box kill -USR2 "$pid"
  poll 10 red kclient
  poll 20 back kclient "$pid"
  poll 20 usable box
}

@test "/health/live is content with less: no panel, and a window manager that hangs" {
  local how
  for how in 'exit 1' 'exec sleep infinity'; do
    echo "$how"
    unpack box
    printf '#!/bin/sh\n%s\n' "$how" >"$(rootfs box)/usr/bin/xfce4-panel"
    start box USER=bob UID=1000 "${REQUIRED[@]}"
    poll 30 red xfce4-panel
    poll 30 live 200
    poll 30 runs xfwm4
    inside box kill -STOP "$(pid_of xfwm4)"
    holds 10 live 200
    red xfce4-panel
    discard box
  done
}

@test "/health/live is red when the X server has been gone for a minute" {
  desktop box
  inside box /command/s6-svc -d "$SERVICES/xvnc"
  poll 10 red xvnc
  holds 30 live 200
  poll 60 live 503
  inside box /command/s6-svc -u "$SERVICES/xvnc"
  poll 20 usable box
  live 200
}

# at_once PATH [OPTION...]: how many programs the container started while 200 ask that at once; their answers are in /tmp/answers.
at_once() {
  local before
  number() { inside box sh -c 'echo $$'; }
  before=$(number)
  at box curl --silent --parallel --parallel-immediate --parallel-max 200 --output /dev/null --write-out '%{http_code}\n' \
    "${@:2}" "$(url "$1")?[1-200]" >/tmp/answers 2>/dev/null || true
  echo $(($(number) - before))
}

@test "200 who ask at once start no 200 programs" {
  desktop box
  local path
  for path in health health/live; do
    run at_once "$path"
    echo "$path started $output"
    assert [ "$output" -lt 60 ]
    assert grep --quiet --line-regexp 200 /tmp/answers
    refute grep --quiet --line-regexp --extended-regexp '000|5..' /tmp/answers
  done
  run at_once health --request POST
  assert [ "$output" -lt 60 ]
}
