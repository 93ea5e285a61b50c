setup() {
  load ../lab/lab
  load ../lab/pixels
}

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
  as_user box xfce4-terminal --disable-server --title=opened --hide-menubar --geometry=60x12+200+150 3>&- &
  poll 15 on_x box xdotool search --onlyvisible --name '^opened$'
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

@test "tcp beyond loopback without PASSWORD refuses" {
  refuses 'PASSWORD is not set' DISPLAY_SOCK_ADDR=tcp://0.0.0.0:5900
  refuses 'PASSWORD is not set' DISPLAY_SOCK_ADDR=tcp://0.0.0.0:5900 PASSWORD=
  refuses 'too short' DISPLAY_SOCK_ADDR=tcp://0.0.0.0:5900 PASSWORD=abc
}

@test "an address that is none refuses" {
  local address
  for address in /var/run/x.sock unix://relative 'unix:///a b' 'unix:///x;touch /tmp/pwned' unix:///a/../b tcp://127.0.0.1 tcp://127.0.0.1:0 tcp://127.0.0.1:70000 'tcp://127.0.0.1:$(id)' http://x 'tcp://-x y:5900'; do
    refuses DISPLAY_SOCK_ADDR "DISPLAY_SOCK_ADDR=$address"
  done
}
