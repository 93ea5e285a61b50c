# shellcheck shell=sh
# Sourced by kvdi-init after folders.sh: turns DISPLAY_SOCK_ADDR and GEOMETRY into the VNC server's arguments in VNC_LISTEN,
# with VNC_SOCKET or VNC_PORT. Where there is no password to be guessed, no connection that ends early is held against the next.

check_display() {
  check_geometry "${GEOMETRY:-1280x720}"
  DISPLAY_SOCK_ADDR=${DISPLAY_SOCK_ADDR:-unix:///var/run/kvdi/display.sock}
  case $DISPLAY_SOCK_ADDR in
    unix:///*) check_unix "${DISPLAY_SOCK_ADDR#unix://}" ;;
    tcp://*) check_tcp "${DISPLAY_SOCK_ADDR#tcp://}" ;;
    *) refuse_display ;;
  esac
}

check_geometry() {
  case $1 in
    *x*x* | [!1-9]* | *x[!1-9]* | *x | *[!0-9x]* | ??????*x* | *x??????*) refuse_geometry "$1" ;;
    *x*) ;;
    *) refuse_geometry "$1" ;;
  esac
  for side in "${1%x*}" "${1#*x}"; do
    if [ "$side" -lt 16 ] || [ "$side" -gt 32767 ]; then refuse_geometry "$1"; fi
  done
}

refuse_geometry() {
  refuse "GEOMETRY='$(shown "$1")': expected WIDTHxHEIGHT, each from 16 to 32767; for example GEOMETRY=1280x720"
}

refuse_display() {
  refuse "DISPLAY_SOCK_ADDR='$(shown "$DISPLAY_SOCK_ADDR")': expected unix:///absolute/path, tcp://host:port or tcp://[IPv6 address]:port; for example unix:///var/run/kvdi/display.sock"
}

check_unix() {
  case $1 in
    *[!A-Za-z0-9._/-]* | */../* | */) refuse_display ;;
  esac
  [ "${#1}" -le 100 ] || refuse_display
  # What a VNC server left behind is removed, so nothing else may be there.
  if [ -L "$1" ] || { [ -e "$1" ] && [ ! -S "$1" ]; }; then
    refuse "DISPLAY_SOCK_ADDR=unix://$1 is there already and no socket: expected a path that is free; for example unix:///var/run/kvdi/display.sock"
  fi
  VNC_SOCKET=$1 VNC_PORT=''
  VNC_LISTEN="-rfbunixpath $1 -rfbunixmode 0660 -rfbport -1 -SecurityTypes None -UseBlacklist=0"
}

# Root makes what is missing where nobody else can have put a link. Elsewhere the user makes it, who may do so there or may not.
make_socket_folder() {
  folder=${VNC_SOCKET%/*}/
  if [ ! -d "$folder" ]; then
    if roots_alone "${folder%/}"; then
      install -d -o "$UID" -g "$GID" -m 0770 "$folder"
    else
      as_that_user mkdir -p -m 0770 "$folder" 2>/dev/null || true
    fi
  fi
  as_that_user test -w "$folder" || refuse "DISPLAY_SOCK_ADDR=unix://$VNC_SOCKET: expected a folder in which user $UID can make a socket; for example unix:///var/run/kvdi/display.sock"
}

check_tcp() {
  case $1 in
    '['*[!0-9A-Fa-f:.]*']:'*) refuse_display ;;
    '['*:*']:'*) host=${1%%]:*} port=${1#*]:} host=${host#[} ;;
    *:*:*) refuse_display ;;
    *) host=${1%:*} port=${1##*:} ;;
  esac
  case $port in
    '' | *[!0-9]* | 0* | ??????*) refuse_display ;;
  esac
  [ "$port" -le 65535 ] || refuse_display
  VNC_SOCKET='' VNC_PORT=$port
  case $host in
    127.0.0.1 | localhost | ::1)
      VNC_LISTEN="-localhost -rfbport $port -SecurityTypes None -UseBlacklist=0"
      return
      ;;
    '' | -* | *[!A-Za-z0-9.:-]*) refuse_display ;;
  esac
  [ -n "${PASSWORD:-}" ] || refuse "DISPLAY_SOCK_ADDR=tcp://$1 can be reached from outside and PASSWORD is not set: set PASSWORD, or listen on a unix socket or on 127.0.0.1"
  case $PASSWORD in
    *[![:print:]]*) refuse "PASSWORD has a character that can't be typed: expected printable characters" ;;
  esac
  [ "${#PASSWORD}" -ge 6 ] || refuse "PASSWORD is too short: expected at least 6 characters"
  [ "${#PASSWORD}" -le 8 ] || echo 'helios: VncAuth looks at the first 8 characters of PASSWORD alone' >&2
  # What counts there is each connection that ends before the password was right, a probe's as well, until somebody of that address logs in.
  VNC_LISTEN="-interface $host -rfbport $port -SecurityTypes VncAuth -PasswordFile /run/helios/vnc-password -BlacklistThreshold=100"
}
