# shellcheck shell=sh
# Sourced by bin/init after environment.sh: who may use the desktop from outside. Leaves AUTH, PASSWORD and VIEW_PASSWORD.

check_access() {
  AUTH=${AUTH-password}
  require_one_of AUTH "$AUTH" password proxy
  if [ "${PASSWORD+set}" ] && [ "${PASSWORD_FILE+set}" ]; then
    refuse "PASSWORD and PASSWORD_FILE are both set: expected one of them"
  fi
  [ -z "${PASSWORD_FILE+set}" ] || read_password
  if [ "${PASSWORD+set}" ]; then
    require_password PASSWORD "$PASSWORD"
  elif [ "$AUTH" = password ]; then
    refuse "PASSWORD is not set: expected PASSWORD or PASSWORD_FILE, or AUTH=proxy where a proxy asks users who they are"
  fi
  [ -z "${VIEW_PASSWORD+set}" ] || require_password VIEW_PASSWORD "$VIEW_PASSWORD"
  export AUTH
}

# A file that ends with a newline, as most editors leave them, means the same as one that doesn't.
read_password() {
  case $PASSWORD_FILE in
    /*) ;;
    *) refuse "PASSWORD_FILE='$(shown "$PASSWORD_FILE")': expected an absolute path; for example PASSWORD_FILE=/run/secrets/password" ;;
  esac
  if [ ! -f "$PASSWORD_FILE" ] || [ ! -r "$PASSWORD_FILE" ]; then
    refuse "PASSWORD_FILE='$(shown "$PASSWORD_FILE")': expected a file that can be read"
  fi
  [ "$(head -c 1000 "$PASSWORD_FILE" | tr -d '\000' | wc -c)" = "$(wc -c <"$PASSWORD_FILE")" ] ||
    refuse "PASSWORD_FILE='$(shown "$PASSWORD_FILE")': expected a line of text"
  PASSWORD=$(cat "$PASSWORD_FILE" && echo .)
  PASSWORD=${PASSWORD%.}
  PASSWORD=${PASSWORD%"$newline"}
}

newline='
'

# A password is shown nowhere, not even a bad one.
require_password() {
  [ -n "$2" ] || refuse "$1 is empty: expected 1 to 128 bytes"
  case $2 in
    *[[:cntrl:]]*) refuse "$1 has a control character, such as a newline: expected characters that can be typed" ;;
  esac
  [ "$(printf %s "$2" | wc -c)" -le 128 ] || refuse "$1 is too long: expected 1 to 128 bytes"
}
