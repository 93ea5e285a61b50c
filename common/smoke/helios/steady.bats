# Nothing that a stranger or a viewer sends, sends half of or leaves unread holds the owner's next key or frame for more than a second, ends
# the X server or makes it take more than 128 MB more. What is pasted is what was copied.

setup() {
  load ../lab/lab
  load ../lab/flood
  load ../lab/steady
}

VIEWER=l00k-but-do-not-touch
# How long all that is possible is done at once.
SECONDS_AT_ONCE=${STEADY_SECONDS:-15}
# As the door admits: viewers, and others beside them and the one who types.
VIEWERS=32
OWNERS=31
TEXT_PLAIN=$(printf text/plain | od -An -tx1 | tr -d ' \n')
TEXT_HTML=$(printf text/html | od -An -tx1 | tr -d ' \n')

typist() { at box key-to-pixel "$1" "$(url websockify ws)" "Cookie: $owner"; }

misbehave() {
  case $1 in
    viewer) at box "${@:2}" "$(url view/websockify ws)" "Cookie: $viewer" ;;
    owner) at box "${@:2}" "$(url websockify ws)" "Cookie: $owner" ;;
    past-the-door) beside box "${@:2}" ws://127.0.0.1:6901/websockify $'Origin: http://helios\r\n'"Authorization: $(account)" ;;
  esac
}

# account: how nginx says that it is the owner.
account() { sed -n 's/^proxy_set_header Authorization "\(.*\)";$/\1/p' "$(rootfs box)/run/helios/nginx/vnc-owner.conf"; }

# busy: a desktop that is typed into.
busy() {
  desktop box "VIEW_PASSWORD=$VIEWER"
  owner=$(cookie box "bob:$SECRET")
  viewer=$(cookie box "viewer:$VIEWER" view/)
  at_rest
}

# copied HEX: the owner hands over these bytes and stays; the server has read them when the pointer has moved.
copied() {
  on_x box xdotool mousemove 1 1
  at box rfb --header="Cookie: $owner" "$(url websockify ws)" send "$1" move 321 123 stay 6 &
  moved() { [ "$(on_x box xdotool getmouselocation --shell | head -n 2 | xargs)" = 'X=321 Y=123' ]; }
  poll 10 moved
}

# a_text HEX: a clipboard of one text.
a_text() { printf 'b4010a%s%08x%s' "$TEXT_PLAIN" $((${#1} / 2)) "$1"; }

# pasted: what an old program is given, in hexadecimal.
pasted() { on_x box timeout 5 xclip -o -selection clipboard -t STRING 2>/dev/null | od -An -v -tx1 | tr -d ' \n'; }

@test "half a message holds nobody up" {
  busy
  unharmed 5 byte:1:viewer
  unharmed 5 dribble:1:viewer
  unharmed 5 half:20:viewer
  survived
}

@test "frames that nobody reads hold nobody up" {
  busy
  unharmed 8 "unread:$VIEWERS:viewer"
  survived
}

@test "answers that nobody reads hold nobody up, nor fill the memory" {
  busy
  unharmed 8 "fences:$VIEWERS:viewer"
  survived
}

@test "as many as the door admits, each with unread frames and half a message" {
  busy
  unharmed "$SECONDS_AT_ONCE" "worst:$VIEWERS:viewer" "worst:$OWNERS:owner"
  survived
}

@test "more websockets than the door admits are refused" {
  busy
  misbehave viewer bad-clients idle 400 4 >/tmp/viewers
  cat /tmp/viewers
  assert_equal "$(tail -n 1 /tmp/viewers | jq '[.connected, .["HTTP/1.1 429 Too Many Requests"]] | join(" ")')" "\"$VIEWERS $((400 - VIEWERS))\""
  unharmed 4 idle:400:viewer
  survived
}

@test "nor is the server ended by more of them, past the door" {
  busy
  misbehave past-the-door nice bad-clients idle 400 6
  survived
}

@test "a text is pasted as it was copied, and no more than that" {
  busy
  copied "$(a_text "$(printf 'äöüß' | od -An -tx1 | tr -d ' \n')")"
  assert_equal "$(pasted)" e4f6fcdf
  copied "$(a_text "00$(printf '61%.0s' {1..30000})")"
  assert_equal "$(pasted)" ''
  copied "$(a_text '')"
  assert_equal "$(pasted)" ''
  survived
}

@test "a clipboard of one type 255 times" {
  busy
  copied "b4ff$(printf "09${TEXT_HTML}0000000178%.0s" {1..255})"
  survived
}

@test "a clipboard that announces 4 GB" {
  busy
  local before message=b4010a${TEXT_PLAIN}ffffffff
  before=$(kilobytes VmPeak)
  at box rfb --header="Cookie: $viewer" "$(url view/websockify ws)" send "$message" stay 1 || true
  at box rfb --header="Cookie: $owner" "$(url websockify ws)" send "$message" stay 1 || true
  assert [ "$(kilobytes VmPeak)" -le $((before + 1024 * 1024)) ]
  survived
}

@test "no other program gets at the server by the socket of its proxy" {
  busy
  local uid pid
  pid=$(services box | awk '$2 == "xvnc" { print $1 }')
  for uid in 65534 1000 0; do
    run nsenter --target "$(init_pid box)" --net --pid setpriv --reuid="$uid" --regid="$uid" --clear-groups second-door "$pid"
    assert_output refused
  done
  survived
}

# handshake HEADERS: what the server says to one from past the door, as its proxy, and what comes after a frame of before RFC 6455.
handshake() {
  # shellcheck disable=SC2016
  run beside box bash -c 'exec 4<>/dev/tcp/127.0.0.1/6901
    printf "GET /websockify HTTP/1.1\r\nHost: helios\r\nOrigin: http://helios\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nAuthorization: %s\r\n$2\r\n" "$1" >&4
    read -r -t 5 status <&4
    echo "status: $status"
    printf "\0AAAA\377\377" >&4
    timeout 2 cat <&4 >/dev/null' - "$(account)" "$1"
}

@test "a handshake of before RFC 6455 is given no session and ends nothing" {
  busy
  handshake ''
  assert_output --partial 'status:'
  refute_output --partial ' 101 '
  handshake 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: binary\r\n'
  assert_output --partial ' 101 '
  survived
}
