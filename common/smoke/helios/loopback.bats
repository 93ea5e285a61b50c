# From outside, `HTTP_PORT` is the only open TCP port, `HTTPS_PORT` beside it when it is on, and one UDP port with `WEBRTC=on` alone.
# Another container in the same network gets the page alone. No flood or crowd ends a service.

setup() { load ../lab/lab; }

# reachable [OPTION]: the TCP ports that a client finds open, all of them tried.
reachable() { at box nmap -Pn -n -sT -p- --min-rate=20000 --max-retries=2 -oG - "$@" | grep -o '[0-9]*/open/' | cut -d/ -f1; }

# datagrams: what listens for UDP beyond loopback.
datagrams() { beside box ss --listening --udp --numeric --no-header | awk '$4 !~ /^(127\.|\[::1\])/ { print $4 }'; }

@test "3000 is the only TCP port that is reachable from outside, and no UDP port is" {
  desktop box
  run reachable "$ADDRESS"
  assert_output 3000
  run reachable -6 "$ADDRESS6"
  assert_output 3000
  run datagrams
  assert_output ''
}

@test "HTTPS=on adds 3001 alone" {
  desktop box HTTPS=on
  run reachable "$ADDRESS"
  assert_output $'3000\n3001'
}

@test "WEBRTC=on adds one UDP port alone" {
  if without webrtc; then
    refuses 'WEBRTC=on' WEBRTC=on
    return
  fi
  desktop box WEBRTC=on
  one() { [ "$(datagrams | wc -l)" = 1 ]; }
  poll 10 one
  run reachable "$ADDRESS"
  assert_output 3000
}

@test "the VNC server is not open to the container's own programs either" {
  desktop box
  run beside box rfb ws://127.0.0.1:6901/websockify
  assert_output 'rfb: HTTP 401'
  run beside box rfb "--user=bob:$SECRET" ws://127.0.0.1:6901/websockify
  assert_output 'rfb: HTTP 401'
  run beside box ss --listening --tcp --numeric --no-header
  refute_output --regexp ':60[0-9][0-9] '
}

# neighbour COMMAND...: a program of another container of the pod, with the desktop's own user number.
neighbour() { beside box setpriv --reuid=1000 --regid=1000 --clear-groups -- "$@"; }

@test "a second container in the same network reaches the page alone, and as a stranger" {
  desktop box "VIEW_PASSWORD=l00k-but"
  local ports port path
  ports=$(neighbour ss --listening --tcp --numeric --no-header | awk '{ sub(/.*:/, "", $4); print $4 }' | sort --unique --numeric-sort | xargs)
  assert_equal "$ports" '3000 6901'
  for path in '' vnc/ websockify view/ view/websockify; do
    for port in 3000 6901; do
      run neighbour curl --silent --output /dev/null --write-out '%{http_code}' "http://127.0.0.1:$port/$path"
      assert_output 401
    done
  done
  run neighbour rfb "--user=owner:$SECRET" ws://127.0.0.1:6901/websockify
  assert_output 'rfb: HTTP 401'
  run neighbour env DISPLAY=:1 timeout 5 xdpyinfo
  assert_failure
  run neighbour curl --silent --unix-socket /run/helios/web/kclient.sock http://localhost/
  assert_failure
}

@test "a crowd of viewers ends no X server, and leaves the owner a place" {
  load ../lab/flood
  desktop box "VIEW_PASSWORD=l00k-but"
  local before
  before=$(services box)
  at box crowd "--header=Cookie: $(cookie box viewer:l00k-but view/)" "$(url view/websockify ws)" 40 15 >/tmp/viewers 3>&- &
  poll 20 grep --quiet in /tmp/viewers
  run cat /tmp/viewers
  assert_output '32 in, 8 HTTP 429'
  flooded held at box flood held "$ADDRESS" 3000 100 "${BASE}websockify"
  run at box crowd "--header=Cookie: $(cookie box "bob:$SECRET")" "$(url websockify ws)" 40 0
  assert_output '32 in, 8 HTTP 429'
  again() { client box; }
  poll 10 again
  assert_equal "$(services box)" "$before"
}

@test "a flood of connections ends, fills and starves nothing" {
  load ../lab/flood
  desktop box
  local before held
  before=$(services box)
  held=$(memory xvnc)
  at box flood reset "$ADDRESS" 3000 1000
  beside box flood reset 127.0.0.1 6901 200
  flooded idle at box flood idle "$ADDRESS" 3000 400
  flooded slow at box flood slow "$ADDRESS" 3000 50
  flooded inside beside box flood idle 127.0.0.1 6901 200
  run at box timeout 1 curl --silent --fail --output /dev/null --user "bob:$SECRET" "$(url vnc/)"
  assert_success
  for name in idle slow inside; do dried "$name"; done
  assert_equal "$(status box websockify --user "bob:$SECRET" --header "X-Filler: $(printf 'x%.0s' {1..17000})")" 400
  assert_equal "$(services box)" "$before"
  echo "$held kB before, $(memory xvnc) kB after"
  assert [ "$(memory xvnc)" -lt $((held + 5000)) ]
}
