# shellcheck shell=sh
# Sourced by kvdi-init: turns DISPLAY_SOCK_ADDR into the VNC server's arguments in VNC_LISTEN.

check_display() {
  DISPLAY_SOCK_ADDR=${DISPLAY_SOCK_ADDR:-unix:///var/run/kvdi/display.sock}
  case $DISPLAY_SOCK_ADDR in
    unix:///*) check_unix "${DISPLAY_SOCK_ADDR#unix://}" ;;
    tcp://*) check_tcp "${DISPLAY_SOCK_ADDR#tcp://}" ;;
    *) refuse_display ;;
  esac
}

refuse_display() {
  refuse "DISPLAY_SOCK_ADDR='$(shown "$DISPLAY_SOCK_ADDR")': expected unix:///absolute/path or tcp://host:port; for example unix:///var/run/kvdi/display.sock"
}

check_unix() {
  case $1 in
    *[!A-Za-z0-9._/-]* | */../* | */) refuse_display ;;
  esac
  [ "${#1}" -le 100 ] || refuse_display
  VNC_SOCKET=$1
  VNC_LISTEN="-rfbunixpath $1 -rfbunixmode 0660 -rfbport -1 -SecurityTypes None"
}

check_tcp() {
  host=${1%:*} port=${1##*:}
  case $port in
    '' | *[!0-9]* | 0* | ??????*) refuse_display ;;
  esac
  [ "$port" -le 65535 ] || refuse_display
  VNC_SOCKET=
  case $host in
    127.0.0.1 | localhost | '[::1]')
      VNC_LISTEN="-localhost -rfbport $port -SecurityTypes None"
      return
      ;;
    '' | *[!A-Za-z0-9.:-]*) refuse_display ;;
  esac
  [ -n "${PASSWORD:-}" ] || refuse "DISPLAY_SOCK_ADDR=tcp://$1 can be reached from outside and PASSWORD is not set: set PASSWORD, or listen on a unix socket or on 127.0.0.1"
  case $PASSWORD in
    *[![:print:]]*) refuse "PASSWORD has a character that can't be typed: expected printable characters" ;;
  esac
  [ "${#PASSWORD}" -ge 6 ] || refuse "PASSWORD is too short: expected at least 6 characters"
  [ "${#PASSWORD}" -le 8 ] || echo 'helios: VncAuth looks at the first 8 characters of PASSWORD alone' >&2
  VNC_LISTEN="-interface $host -rfbport $port -SecurityTypes VncAuth -PasswordFile /run/helios/vnc-password"
}
