# `/view/` shows the desktop to `viewer` with `VIEW_PASSWORD`. The server drops a viewer's input, voice included. No path leads a viewer
# further.

setup() {
  load ../lab/lab
  load ../lab/pixels
}

VIEWER=l00k-but

# watcher COMMAND...: an RFB client as the viewer.
watcher() { at box rfb "--user=viewer:$VIEWER" "$(url view/websockify ws)" "$@"; }

pointer() { on_x box xdotool getmouselocation --shell | head -n 2 | xargs; }

at_pointer() {
  pointer
  [ "$(pointer)" = "$1" ]
}

open_prompt() {
  terminal prompt --command "sh -c 'read -r line; printf %s \"\$line\" >/home/bob/typed'"
}

# Paths of which nginx, a proxy before it and the program behind it could each think something else.
ODD=(/view/../websockify /view/%2e%2e/websockify /view/x/..%2f..%2fwebsockify /view/a/../../websockify //websockify /view//../websockify
  /view/..%5cwebsockify '/view/..\websockify' '/view/..;/websockify' /view/..%3b/websockify /view/%252e%252e/websockify /%77ebsockify
  /view/./../websockify /view/.. /view/. '/view/x%00/../websockify' '/view/#/../websockify' '/websockify%23/view/' http://x/websockify
  /audio/socket.io/../../view/x?EIO=4\&transport=websocket /audio/socket.io/%2e%2e/%2e%2e/view/x?EIO=4\&transport=websocket
  //audio/socket.io/?EIO=4\&transport=websocket)

HANDSHAKE=(--http1.1 --max-time 3 --header 'Connection: Upgrade' --header 'Upgrade: websocket' --header 'Sec-WebSocket-Version: 13'
  --header 'Sec-WebSocket-Protocol: binary' --header 'Sec-WebSocket-Key: c21va2VzbW9rZXNtb2tlMQ==')

# raw TARGET [OPTION...]: the status of a request for exactly that.
raw() { status box '' --request-target "$@"; }

# microphones: how often the page's program has the microphone open.
microphones() { find /proc/[0-9]*/fd -lname '*/helios/web/mic' 2>/dev/null | wc -l; }

INPUT=(move 400 260 click type helios key enter copy planted resize 1600x900)

@test "/view/ shows the desktop in a browser" {
  desktop box "VIEW_PASSWORD=$VIEWER"
  browse box open "$(url view/)" "--user=viewer:$VIEWER"
  seen() { browse box screenshot /tmp/now.png && wallpaper_in /tmp/now.png && panel_in /tmp/now.png; }
  poll 20 seen
  browse box click 60 702
  browse box type x
  run at_pointer 'X=60 Y=702'
  assert_failure
}

@test "a viewer's keys, mouse, clipboard and size are dropped by the server" {
  desktop box "VIEW_PASSWORD=$VIEWER"
  open_prompt
  local before
  before=$(pointer)
  printf mine | on_x box xclip -i -selection clipboard >/dev/null 2>&1 3>&-
  watcher "${INPUT[@]}" capture /tmp/view.ppm
  magick /tmp/view.ppm /tmp/view.png
  assert panel_in /tmp/view.png
  assert_equal "$(pointer)" "$before"
  assert_equal "$(desktop_size box)" 1280x720
  assert_equal "$(on_x box timeout 2 xclip -o -selection clipboard)" mine
  assert [ ! -e "$(rootfs box)/home/bob/typed" ]
  client box "${INPUT[@]}"
  poll 5 at_pointer 'X=400 Y=260'
  sized() { [ "$(desktop_size box)" = 1600x900 ]; }
  poll 5 sized
}

@test "a viewer reaches nothing but /view/" {
  desktop box "VIEW_PASSWORD=$VIEWER"
  local path
  assert_equal "$(status box view/ --user "viewer:$VIEWER")" 200
  for path in '' vnc/ vnc/index.html websockify viewx view.; do
    echo "/$path"
    assert_equal "$(status box "$path" --user "viewer:$VIEWER")" 401
  done
  run at box rfb "--user=viewer:$VIEWER" "$(url websockify ws)"
  assert_output 'rfb: HTTP 401'
  run at box rfb --header="Cookie: $(cookie box "viewer:$VIEWER" view/)" "$(url websockify ws)"
  assert_output 'rfb: HTTP 401'
  assert_equal "$(status box view/)" 401
  assert_equal "$(status box view/websockify --user viewer:wrong)" 401
}

@test "a file with an empty VIEW_PASSWORD refuses" {
  unpack box
  install -m 0600 /dev/null "$(rootfs box)/etc/view"
  start box USER=bob UID=1000 "${REQUIRED[@]}" VIEW_PASSWORD_FILE=/etc/view
  ends_refusing box 'VIEW_PASSWORD is empty'
}

@test "no path is read in two ways, whether a password is asked for or not" {
  desktop box "VIEW_PASSWORD=$VIEWER"
  local path
  for path in "${ODD[@]}"; do
    echo "$path"
    assert_equal "$(raw "$path" --user "viewer:$VIEWER" "${HANDSHAKE[@]}")" 400
    assert_equal "$(raw "$path" --user "bob:$SECRET")" 400
  done
  discard box
  REQUIRED=(AUTH=proxy "HOSTS=$ADDRESS")
  desktop box
  for path in "${ODD[@]}"; do
    echo "$path"
    assert_equal "$(raw "$path" "${HANDSHAKE[@]}")" 400
  done
}

@test "a viewer is heard by nobody, and reads no clipboard" {
  desktop box "VIEW_PASSWORD=$VIEWER"
  local before
  before=$(microphones)
  at box socketio "--user=viewer:$VIEWER" "$(url '')" "${BASE}view/audio/socket.io" speak 4096 wait 1
  assert_equal "$(microphones)" "$before"
  run at box socketio "--user=viewer:$VIEWER" "$(url '')" "${BASE}audio/socket.io" speak 4096 wait 1
  assert_failure
  assert_output --partial 401
  assert_equal "$(microphones)" "$before"
  watcher pasted 10 >/tmp/theirs 2>&1 3>&- &
  client box pasted 10 >/tmp/mine 2>&1 3>&- &
  copied() {
    date +%N-secret | on_x box xclip -i -selection clipboard >/dev/null 2>&1 3>&-
    sleep 0.3
    grep --quiet secret /tmp/mine
  }
  poll 10 copied
  copied
  refute grep --quiet secret /tmp/theirs
  at box socketio "--user=bob:$SECRET" "$(url '')" "${BASE}audio/socket.io" speak 4096 wait 1
  assert_equal "$(microphones)" $((before + 1))
}

@test "a connection on which nothing happens is kept alive by the server, for viewers too" {
  desktop box "VIEW_PASSWORD=$VIEWER"
  watcher pinged 40 >/tmp/pinged 2>&1 3>&- &
  local watching=$!
  client box pinged 40
  wait "$watching"
}

@test "without VIEW_PASSWORD there is no such page" {
  desktop box
  for path in view/ view/websockify view/vnc/; do assert_equal "$(status box "$path" --user "bob:$SECRET")" 404; done
}

@test "with AUTH=proxy a proxy can grant that path alone" {
  REQUIRED=(AUTH=proxy "HOSTS=$ADDRESS")
  desktop box
  assert_equal "$(status box view/)" 200
  local before
  before=$(pointer)
  at box rfb "$(url view/websockify ws)" "${INPUT[@]}"
  assert_equal "$(pointer)" "$before"
  assert_equal "$(desktop_size box)" 1280x720
}
