setup() { load ../lab/lab; }

answer() { at box curl --silent --max-time 12 --write-out ' %{http_code}' "$(url health)"; }

pid_of() { services box | awk -v name="$1" '$2 == name { print $1 }'; }

# red NAME: /health says 503 and names the service.
red() {
  local said
  said=$(answer)
  echo "$said"
  [[ $said == *"$1"*503 ]]
}

@test "/health needs no password and tells names of services alone" {
  desktop box
  run answer
  assert_output --regexp ' 200$'
  local words word
  words=$(grep -oE '[A-Za-z0-9_./-]{2,}' <<<"${output% 200}" | sort -u)
  for word in $words; do
    [[ $word =~ ^(status|ok|up|down|services?|healthy|true|false)$ ]] || [ -d "$(rootfs box)$SERVICES/$word" ] || [ -L "$(rootfs box)$SERVICES/$word" ] || {
      echo "tells \"$word\""
      return 1
    }
  done
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
  local pid
  pid=$(pid_of xvnc)
  inside box kill -STOP "$pid"
  poll 12 red xvnc
  inside box kill -CONT "$pid"
  poll 12 usable box
}
