# What Juno's charts ask of an image is there: TLS on the only port, files of entries for the menu by `DESKTOP_FILES`, a script that may be run
# before a stop and files in `/etc/skel/.config`. `SUDO` refuses.

setup() { load ../lab/lab; }

# answers SCHEME PORT PATH [OPTION...]: with 200.
answers() {
  local status
  status=$(at box curl --silent --insecure --output /dev/null --write-out '%{http_code}' "${@:4}" "$1://$ADDRESS:$2/$3")
  echo "HTTP $status"
  [ "$status" = 200 ]
}

@test "port 3000 may have TLS, and 3001 what hasn't" {
  boot box USER=bob UID=1000 "${REQUIRED[@]}" HTTPS=on HTTPS_PORT=3000 HTTP_PORT=3001 PREFIX=/polaris/desk/
  poll 30 answers https 3000 polaris/desk/health
  answers https 3000 polaris/desk/ --user "bob:$SECRET"
  answers http 3001 polaris/desk/health
}

@test "DESKTOP_FILES are in the menu, and one that isn't there is told of" {
  unpack box
  begin start box
  local height
  height=$(menu_height box)
  install -D -m 0644 /dev/stdin "$(rootfs box)/opt/game/game.desktop" <<'ENTRY'
[Desktop Entry]
Type=Application
Name=A game
Exec=true
Categories=Game;
ENTRY
  runtime kill box TERM
  ended box 10
  begin start box DESKTOP_FILES='"/opt/*/*.desktop:/nowhere/*.desktop"'
  assert [ "$(menu_height box)" -gt "$height" ]
  run cat "$LAB/box/log"
  assert_line 'helios: DESKTOP_FILES: /nowhere/*.desktop is not there'
}

@test "a script for a stop is there before any is mounted, and so are files for a home" {
  desktop box
  inside box /etc/helios/shutdown.d/custom.sh
  inside box sh -c 'cp -r /etc/skel/.config/* /tmp'
}

@test "SUDO and what is no path of a .desktop file refuse" {
  local value
  for value in true 1 yes; do refuses 'there is no sudo' "SUDO=$value"; done
  for value in game.desktop '/opt/$(id).desktop' /opt/game /opt/a.desktop::/opt/b.desktop; do refuses DESKTOP_FILES "DESKTOP_FILES=$value"; done
}
