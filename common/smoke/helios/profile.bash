# shellcheck shell=bash
# What the checks need to know of helios.

# shellcheck source=common/smoke/lab/network.bash
source /smoke/lab/network.bash

SECRET=0pen-sesame
# What a container needs beside USER and UID, and what makes it use a PASSWORD.
REQUIRED=("PASSWORD=$SECRET")
WITH_PASSWORD=()
# Where the page is; a check that moves it says so here.
PORT=3000
BASE=/
SERVICES=/run/service

# What a second desktop needs in a network, where its page is then, and a port that both would have.
NEIGHBOUR=(HTTP_PORT=3100)
NEIGHBOUR_PORT=3100
TAKEN=()

# display_of NAME: the number of its display.
display_of() { sed 's/^://' "$(rootfs "$1")/run/helios/session/DISPLAY"; }

# without NAME: the image says that its family of distros doesn't have that.
without() { [ -s "/image/usr/local/lib/helios/without/$1" ]; }

# url PATH [SCHEME]: where a client finds it.
url() { printf '%s://%s:%s%s%s' "${2:-http}" "$ADDRESS" "$PORT" "$BASE" "$1"; }

# fetch NAME PATH [OPTION...]: what the desktop's user gets there.
fetch() { at "$1" curl --silent --show-error --fail --max-time 10 --user "bob:$SECRET" "${@:3}" "$(url "$2")"; }

# answered NAME PATH [OPTION...]: the HTTP status that a stranger gets there.
answered() { at "$1" curl --silent --output /dev/null --max-time 10 --path-as-is --write-out '%{http_code}' "${@:3}" "$(url "$2")"; }

# status NAME PATH [OPTION...]: the same of one who asks again when told to wait, as checks show passwords faster than people do.
status() {
  local code told end=$((SECONDS + 10))
  while :; do
    code=0
    told=$(answered "$@") || code=$?
    if [ "$told" != 429 ] || ((SECONDS > end)); then break; fi
    sleep 0.1
  done
  printf %s "$told"
  return "$code"
}

# cookie NAME USER:PASSWORD [PATH]: what who knows a password is given to be known by.
cookie() { at "$1" curl --silent --head --user "$2" "$(url "${3-}")" | sed -n 's/^[Ss]et-[Cc]ookie: *\([^;]*\).*/\1/p' | head -n 1; }

# client NAME COMMAND...: an RFB client's commands over the websocket, as the desktop's user.
client() { at "$1" rfb --user="bob:$SECRET" "$(url websockify ws)" "${@:2}"; }

# browse NAME COMMAND...: a command for the browser at the end of the container's wire.
browse() { at "$1" browser "$@"; }

# page NAME [OPTION...]: opens the desktop in a browser.
page() { browse "$1" open "$(url '')" --user="bob:$SECRET" "${@:2}"; }

# resize NAME WIDTHxHEIGHT: a browser of that size opens the page, which has the desktop take it.
resize() { page "$1" --size="$2"; }

more_evidence() { browser "$1" screenshot "/report/$1-browser.png" >/dev/null 2>&1 || true; }

# picture NAME FILE: what an RFB client sees.
picture() { client "$1" capture "/tmp/$1.ppm" && magick "/tmp/$1.ppm" "$2"; }

# usable NAME: a window manager runs, panel and wallpaper are mapped, and the page is served.
usable() { on_display "$1" && healthy "$1"; }

healthy() {
  local answer
  answer=$(status "$1" health)
  echo "/health: $answer"
  [ "$answer" = 200 ]
}

# services NAME: one "PID name" for each service that runs, s6's own left out.
services() {
  inside "$1" sh -c "cd $SERVICES && for name in *; do
    case \$name in s6rc-* | s6-linux-init-* | autostart) continue ;; esac
    /command/s6-svstat -o pid \"\$name\" | sed -n \"s/^[1-9].*/& \$name/p\"
  done"
}

# secrets NAME: files that must differ from container to container.
secrets() {
  local file
  for file in "run/user/${OWNER%:*}/Xauthority" run/helios/kasmpasswd run/helios/nginx/maps.conf var/lib/helios/certs/tls.key; do
    printf '%s/%s\n' "$(rootfs "$1")" "$file"
  done
}
