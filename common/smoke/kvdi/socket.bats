setup() { load ../lab/lab; }

# region FILE GEOMETRY: that part of a picture.
region() { magick "$1" -crop "$2" +repage "$3"; }

colours() { magick "$1" -format %k info:; }

# like FILE FILE: how far two pictures differ, 0 to 1.
unlike() { magick compare -metric RMSE "$1" "$2" null: 2>&1 | sed 's/.*(\(.*\))/\1/'; }

below() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a < b) }'; }

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

wallpaper_shown() {
  picture box /tmp/now.png || return 1
  rsvg-convert --width=1280 --height=720 /image/usr/share/backgrounds/helios.svg --output=/tmp/wanted.png
  region /tmp/now.png 900x600+360+0 /tmp/seen.png
  region /tmp/wanted.png 900x600+360+0 /tmp/reference.png
  local distance
  distance=$(unlike /tmp/seen.png /tmp/reference.png)
  echo "wallpaper differs by $distance, $(colours /tmp/seen.png) colours"
  below "$distance" 0.03 && [ "$(colours /tmp/seen.png)" -gt 200 ]
}

panel_shown() {
  picture box /tmp/now.png || return 1
  region /tmp/now.png 1280x36+0+684 /tmp/seen.png
  rsvg-convert --width=1280 --height=720 /image/usr/share/backgrounds/helios.svg --output=/tmp/wanted.png
  region /tmp/wanted.png 1280x36+0+684 /tmp/reference.png
  local distance
  distance=$(unlike /tmp/seen.png /tmp/reference.png)
  echo "panel differs from the wallpaper by $distance, $(colours /tmp/seen.png) colours"
  ! below "$distance" 0.2 && [ "$(colours /tmp/seen.png)" -gt 20 ]
}

window_shown() {
  picture box /tmp/now.png || return 1
  region /tmp/now.png 300x120+240+200 /tmp/seen.png
  region /tmp/before.png 300x120+240+200 /tmp/reference.png
  local distance
  distance=$(unlike /tmp/seen.png /tmp/reference.png)
  echo "the window's place differs from before by $distance"
  ! below "$distance" 0.1
  on_x box xprop -root _NET_CLIENT_LIST_STACKING | grep -q 0x
}

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

# refused TEXT KEY=VALUE...: the container ends with one line that has the text.
refused() {
  boot box USER=bob UID=1000 "${@:2}"
  ended box 10 || return 1
  assert_not_equal "$code" 0
  assert_equal "$(wc -l <"$LAB/box/log")" 1
  assert grep --quiet --fixed-strings -- "$1" "$LAB/box/log"
  discard box
}

@test "tcp beyond loopback without PASSWORD refuses" {
  refused 'PASSWORD is not set' DISPLAY_SOCK_ADDR=tcp://0.0.0.0:5900
  refused 'PASSWORD is not set' DISPLAY_SOCK_ADDR=tcp://0.0.0.0:5900 PASSWORD=
  refused 'too short' DISPLAY_SOCK_ADDR=tcp://0.0.0.0:5900 PASSWORD=abc
}

@test "an address that is none refuses" {
  local address
  for address in /var/run/x.sock unix://relative 'unix:///a b' 'unix:///x;touch /tmp/pwned' unix:///a/../b tcp://127.0.0.1 tcp://127.0.0.1:0 tcp://127.0.0.1:70000 'tcp://127.0.0.1:$(id)' http://x 'tcp://-x y:5900'; do
    refused DISPLAY_SOCK_ADDR "DISPLAY_SOCK_ADDR=$address"
  done
}
