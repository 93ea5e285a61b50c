# shellcheck shell=sh
# Sourced by bin/init after environment.sh and secrets.sh: who may use the desktop from outside. Leaves AUTH, PASSWORD and VIEW_PASSWORD.

check_access() {
  AUTH=${AUTH-password}
  require_one_of AUTH "$AUTH" password proxy
  read_secret PASSWORD
  read_secret VIEW_PASSWORD
  if [ "${PASSWORD+set}" ]; then
    require_password PASSWORD "$PASSWORD"
  elif [ "$AUTH" = password ]; then
    refuse "PASSWORD is not set: expected PASSWORD or PASSWORD_FILE, or AUTH=proxy where a proxy asks users who they are"
  fi
  [ -z "${VIEW_PASSWORD+set}" ] || require_password VIEW_PASSWORD "$VIEW_PASSWORD"
  export AUTH
}

# A password is shown nowhere, not even a bad one.
require_password() {
  [ -n "$2" ] || refuse "$1 is empty: expected 1 to 128 bytes"
  case $2 in
    *[[:cntrl:]]*) refuse "$1 has a control character, such as a newline: expected characters that can be typed" ;;
  esac
  [ "$(printf %s "$2" | wc -c)" -le 128 ] || refuse "$1 is too long: expected 1 to 128 bytes"
}
