# shellcheck shell=sh
# Sourced by bin/init after environment.sh: refuses every other setting that is none, and exports those that have a default.

check_settings() {
  forget_empty HTTP_PORT HTTPS_PORT HTTPS CLIPBOARD SCALE WEBRTC WEBRTC_ADDRESS PREFIX TITLE IDLE_TIME HOOK_TIMEOUT DESKTOP_FILES SUDO VGL_DISPLAY S6_VERBOSITY
  HTTP_PORT=${HTTP_PORT-3000} HTTPS_PORT=${HTTPS_PORT-3001} HTTPS=${HTTPS-off}
  require_port HTTP_PORT "$HTTP_PORT"
  require_port HTTPS_PORT "$HTTPS_PORT"
  require_one_of HTTPS "$HTTPS" on off
  if [ "$HTTPS" = on ]; then
    [ "$HTTP_PORT" != "$HTTPS_PORT" ] || refuse "HTTPS_PORT=$HTTPS_PORT is HTTP_PORT too: expected two ports"
    check_certificate
  fi
  CLIPBOARD=${CLIPBOARD-both} SCALE=${SCALE-auto} WEBRTC=${WEBRTC-off}
  require_one_of CLIPBOARD "$CLIPBOARD" both off in out
  require_one_of SCALE "$SCALE" auto 1 1.5 2
  require_one_of WEBRTC "$WEBRTC" on off
  check_webrtc
  check_prefix
  TITLE=${TITLE-Helios}
  case $TITLE in
    *[[:cntrl:]]*) refuse "TITLE='$(shown "$TITLE")': expected a line of text" ;;
  esac
  [ "$(printf %s "$TITLE" | wc -c)" -le 100 ] || refuse "TITLE='$(shown "$TITLE")…': expected at most 100 bytes"
  [ -z "${IDLE_TIME+set}" ] || require_minutes IDLE_TIME "$IDLE_TIME"
  HOOK_TIMEOUT=${HOOK_TIMEOUT-60}
  require_number HOOK_TIMEOUT "$HOOK_TIMEOUT" 1 3600
  check_desktop_files
  check_locale
  case ${SUDO-} in
    '' | 0 | false) ;;
    *) refuse "SUDO=$(shown "$SUDO"): there is no sudo, as whoever becomes root in a container is one step from its machine; expected no SUDO, and an init hook or an image of your own for what root has to do" ;;
  esac
  export HTTP_PORT HTTPS_PORT HTTPS CLIPBOARD SCALE WEBRTC PREFIX TITLE HOOK_TIMEOUT
}

# A port that the VNC server has on loopback can't be had twice.
require_port() {
  require_number "$1" "$2" 1 65535
  [ "$2" != 6901 ] || refuse "$1=6901 is the VNC server's own: expected another port; for example $1=3000"
}

# Leaves PREFIX with a slash at both ends.
check_prefix() {
  prefix=${PREFIX-/}
  prefix=/${prefix#/}
  prefix=${prefix%/}/
  case $prefix in
    *[!A-Za-z0-9._~/-]* | *//* | */./* | */../*)
      refuse "PREFIX='$(shown "$PREFIX")': expected a path of letters, digits, '.', '_', '~' and '-'; for example PREFIX=/desktops/bob"
      ;;
  esac
  [ "${#prefix}" -le 200 ] || refuse "PREFIX='$(shown "$PREFIX")…': expected at most 200 characters"
  PREFIX=$prefix
}

# Leaves DESKTOP_FILES without the quotes around it that lists of compose files keep.
check_desktop_files() {
  [ -n "${DESKTOP_FILES-}" ] || return 0
  DESKTOP_FILES=${DESKTOP_FILES#\"} DESKTOP_FILES=${DESKTOP_FILES%\"}
  rest=$DESKTOP_FILES:
  while [ -n "$rest" ]; do
    case ${rest%%:*} in
      *[!A-Za-z0-9._@+*?/-]*) refuse_desktop_files ;;
      /*.desktop) ;;
      *) refuse_desktop_files ;;
    esac
    rest=${rest#*:}
  done
  [ "${#DESKTOP_FILES}" -le 1000 ] || refuse "DESKTOP_FILES='$(shown "$DESKTOP_FILES")…': expected at most 1000 characters"
  export DESKTOP_FILES
}

refuse_desktop_files() {
  refuse "DESKTOP_FILES='$(shown "$DESKTOP_FILES")': expected paths of .desktop files, of letters, digits and . _ @ + - / * ?, with colons between them; for example DESKTOP_FILES=/opt/*/share/applications/*.desktop"
}

# The data channel's port is HTTP_PORT's number, so that one number is published; the server that binds it isn't root.
check_webrtc() {
  [ "$WEBRTC" = on ] || return 0
  [ "$HTTP_PORT" -ge 1024 ] || refuse "WEBRTC=on with HTTP_PORT=$HTTP_PORT: expected an HTTP_PORT from 1024 up, since frames come from the UDP port of that number"
  [ -z "${WEBRTC_ADDRESS+set}" ] || case $WEBRTC_ADDRESS in
    *[!0-9.]* | *..* | .* | *. | *.*.*.*.* | ????????????????*) refuse_address ;;
    *.*.*.*) ;;
    *) refuse_address ;;
  esac
  # An image whose family of distros can't do it says why.
  [ ! -e /usr/local/lib/helios/without/webrtc ] || refuse "WEBRTC=on: $(cat /usr/local/lib/helios/without/webrtc)"
}

refuse_address() {
  refuse "WEBRTC_ADDRESS='$(shown "$WEBRTC_ADDRESS")': expected the IPv4 address that browsers reach this machine at; for example WEBRTC_ADDRESS=192.0.2.1"
}

check_certificate() {
  certs=/etc/helios/certs
  if [ ! -e "$certs/tls.crt" ] && [ ! -e "$certs/tls.key" ]; then return; fi
  certified=$(certified_key $certs) || refuse "HTTPS=on: expected a certificate in $certs/tls.crt"
  own=$(own_key $certs) || refuse "HTTPS=on: expected a private key without a passphrase in $certs/tls.key"
  [ "$certified" = "$own" ] || refuse "HTTPS=on: $certs/tls.crt and $certs/tls.key are no pair: expected the certificate of that key"
}
