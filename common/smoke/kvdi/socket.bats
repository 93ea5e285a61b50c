# The VNC server listens on `DISPLAY_SOCK_ADDR`, speaks RFB 3.8 and shows panel, wallpaper and an opened window. On a unix socket it has
# mode 0660 of the user and asks for no password, and no client's half message or unread frames hold up another's keys. On tcp beyond
# loopback there must be a `PASSWORD`, or the container ends. A client that ends early, as a probe does, keeps nobody out.

setup() {
  load ../lab/lab
  load ../lab/pixels
  load ../lab/steady
}

typist() { key-to-pixel "$1" "$(display_socket box)" ''; }
misbehave() { "${@:2}" "$(display_socket box)" ''; }

@test "the unix socket is there by default, mode 0660, of the user alone, and speaks RFB 3.8 with security type None" {
  boot box USER=bob UID=1000
  poll 30 rfb-probe "$(display_socket box)"
  assert_equal "$(stat -c '%F %a %u:%g' "$(display_socket box)")" 'socket 660 1000:1000'
  local pid
  pid=$(init_pid box)
  run nsenter --target "$pid" --net ss --listening --tcp --udp --no-header
  assert_output ''
  run rfb-probe "$(display_socket box)"
  assert_output 'RFB 003.008 security 1'
}

@test "DISPLAY_SOCK_ADDR moves the unix socket" {
  boot box USER=bob UID=1000 DISPLAY_SOCK_ADDR=unix:///tmp/elsewhere/vnc.sock
  poll 30 rfb-probe "$(rootfs box)/tmp/elsewhere/vnc.sock"
  assert_equal "$(stat -c '%F %a' "$(rootfs box)/tmp/elsewhere/vnc.sock")" 'socket 660'
}

@test "panel, wallpaper and an opened window are at their places" {
  desktop box
  assert_equal "$(desktop_size box)" 1280x720
  poll 20 wallpaper_shown
  poll 10 panel_shown
  picture box /tmp/before.png
  terminal opened --hide-menubar
  poll 10 window_shown
  cp /tmp/now.png /report/desktop.png
}

wallpaper_shown() { picture box /tmp/now.png && wallpaper_in /tmp/now.png; }

panel_shown() { picture box /tmp/now.png && panel_in /tmp/now.png; }

window_shown() { picture box /tmp/now.png && window_in /tmp/now.png /tmp/before.png; }

@test "tcp on loopback asks for no password and is not reachable from outside" {
  boot box USER=bob UID=1000 DISPLAY_SOCK_ADDR=tcp://127.0.0.1:5901
  poll 30 answers 5901
  run listeners
  assert_output 127.0.0.1:5901
  run nsenter --target "$(init_pid box)" --net rfb-probe 127.0.0.1:5901
  assert_output 'RFB 003.008 security 1'
}

@test "tcp takes an IPv6 address in brackets, and [::1] is loopback" {
  boot box USER=bob UID=1000 'DISPLAY_SOCK_ADDR=tcp://[::1]:5901'
  poll 30 answers 5901
  run nsenter --target "$(init_pid box)" --net rfb-probe 127.0.0.1:5901
  assert_output 'RFB 003.008 security 1'
  discard box
  boot box USER=bob UID=1000 'DISPLAY_SOCK_ADDR=tcp://[::]:5901' PASSWORD=s3cret-x
  poll 30 listens_on_v6
  discard box
  refuses 'PASSWORD is not set' 'DISPLAY_SOCK_ADDR=tcp://[::]:5901'
}

listens_on_v6() { nsenter --target "$(init_pid box)" --net ss --listening --tcp --numeric --no-header | grep -F '[::]:5901'; }

answers() { nsenter --target "$(init_pid box)" --net rfb-probe "127.0.0.1:$1"; }

listeners() { nsenter --target "$(init_pid box)" --net ss --listening --tcp --numeric --no-header | awk '$4 !~ /^\[/ { print $4 }'; }

@test "tcp beyond loopback asks for PASSWORD, and a wrong one is refused" {
  boot box USER=bob UID=1000 DISPLAY_SOCK_ADDR=tcp://0.0.0.0:5900 PASSWORD=s3cret-x
  poll 30 answers 5900
  run nsenter --target "$(init_pid box)" --net rfb-probe 127.0.0.1:5900
  assert_output 'RFB 003.008 security 2'
  run nsenter --target "$(init_pid box)" --net vncdo --timeout=10 --server=127.0.0.1::5900 --password=wrong-pw capture /tmp/wrong.png
  assert_failure
  assert [ ! -e /tmp/wrong.png ]
  run nsenter --target "$(init_pid box)" --net vncdo --timeout=10 --server=127.0.0.1::5900 --password=s3cret-x capture /tmp/right.png
  assert_success
  assert [ -s /tmp/right.png ]
}

@test "PASSWORD_FILE has the password, and both refuse" {
  unpack box
  install -m 0600 <(echo s3cret-x) "$(rootfs box)/etc/vnc"
  start box USER=bob UID=1000 DISPLAY_SOCK_ADDR=tcp://0.0.0.0:5900 PASSWORD_FILE=/etc/vnc
  poll 30 answers 5900
  run nsenter --target "$(init_pid box)" --net vncdo --timeout=10 --server=127.0.0.1::5900 --password=s3cret-x capture /tmp/filed.png
  assert_success
  assert [ -s /tmp/filed.png ]
  discard box
  refuses PASSWORD_FILE PASSWORD=s3cret-x PASSWORD_FILE=/etc/passwd
  refuses PASSWORD_FILE PASSWORD_FILE=/nowhere
}

@test "tcp beyond loopback without PASSWORD refuses" {
  refuses 'PASSWORD is not set' DISPLAY_SOCK_ADDR=tcp://0.0.0.0:5900
  refuses 'PASSWORD is not set' DISPLAY_SOCK_ADDR=tcp://0.0.0.0:5900 PASSWORD=
  refuses 'too short' DISPLAY_SOCK_ADDR=tcp://0.0.0.0:5900 PASSWORD=abc
}

@test "an address that is none refuses" {
  local address
  for address in /var/run/x.sock unix://relative 'unix:///a b' 'unix:///x;touch /tmp/pwned' unix:///a/../b tcp://127.0.0.1 tcp://127.0.0.1:0 tcp://127.0.0.1:70000 tcp://::1:5900 'tcp://[::1]' 'tcp://[::1]:5900:1' 'tcp://[x]:5900' 'tcp://127.0.0.1:$(id)' http://x 'tcp://-x y:5900'; do
    refuses DISPLAY_SOCK_ADDR "DISPLAY_SOCK_ADDR=$address"
  done
}

# left NAME: what was at that path is as it was.
left() { stat -c '%F %a %u' "$(rootfs box)/home/bob/$1" && find "$(rootfs box)/home/bob/$1" | wc -l; }

@test "a path where something else than a socket is refuses, and nothing of it goes" {
  local kind before
  for kind in 'mkdir -p dear/inner' 'install -m 0600 /dev/null dear' 'ln -s /etc dear' 'mkfifo dear'; do
    unpack box
    mkdir -p "$(rootfs box)/home/bob"
    (cd "$(rootfs box)/home/bob" && $kind)
    before=$(left dear)
    start box USER=bob UID=1000 DISPLAY_SOCK_ADDR=unix:///home/bob/dear
    ends_refusing box 'DISPLAY_SOCK_ADDR=unix:///home/bob/dear is there already and no socket: expected' || return 1
    assert_equal "$(left dear)" "$before"
    discard box
  done
}

@test "a missing folder is made where root's alone are above it, and elsewhere by the user, who must be allowed to" {
  boot box USER=bob UID=1000 DISPLAY_SOCK_ADDR=unix:///srv/one/two/vnc.sock
  poll 30 rfb-probe "$(rootfs box)/srv/one/two/vnc.sock"
  discard box
  unpack box
  install -d -o 1000 -g 1000 "$(rootfs box)/home/bob"
  ln -s /etc "$(rootfs box)/home/bob/way"
  start box USER=bob UID=1000 DISPLAY_SOCK_ADDR=unix:///home/bob/way/new/vnc.sock
  ends_refusing box 'DISPLAY_SOCK_ADDR=unix:///home/bob/way/new/vnc.sock: expected a folder' || return 1
  assert [ ! -e "$(rootfs box)/etc/new" ]
}

@test "a GEOMETRY that is none refuses" {
  local geometry
  for geometry in 1280 1280x 15x720 1280x32768 99999999x1 '1280x720 -rfbauth' '$(id)x2' -1x720; do refuses GEOMETRY "GEOMETRY=$geometry"; done
}

@test "what a client sends in part, or leaves unread, holds up nobody else's keys" {
  desktop box
  lit
  local each
  for each in byte:1 dribble:1 trickle:1 half:20 unread:32 worst:32; do unharmed 4 "$each:other"; done
}

@test "clients that end early keep nobody out" {
  boot box USER=bob UID=1000
  poll 30 test -S "$(display_socket box)"
  for _ in {1..30}; do run rfb-probe "$(display_socket box)"; done
  assert_output 'RFB 003.008 security 1'
  discard box
  boot box USER=bob UID=1000 DISPLAY_SOCK_ADDR=tcp://0.0.0.0:5900 PASSWORD=s3cret-x
  poll 30 answers 5900
  for _ in {1..30}; do run answers 5900; done
  assert_output 'RFB 003.008 security 2'
}
