# shellcheck shell=sh
# Sourced by an image's init after environment.sh: passwords that come in a variable, or in the file that NAME_FILE names.

newline='
'

# read_secret NAME: leaves in NAME what the file of NAME_FILE holds, where that is set. A file that ends with a newline, as most
# editors leave them, means the same as one that doesn't.
read_secret() {
  eval "secret_file=\${${1}_FILE-} secret_asked=\${${1}_FILE+set} secret_given=\${$1+set}"
  [ -n "$secret_asked" ] || return 0
  [ -z "$secret_given" ] || refuse "$1 and $1_FILE are both set: expected one of them"
  case $secret_file in
    /*) ;;
    *) refuse "$1_FILE='$(shown "$secret_file")': expected an absolute path; for example $1_FILE=/run/secrets/password" ;;
  esac
  if [ ! -f "$secret_file" ] || [ ! -r "$secret_file" ]; then
    refuse "$1_FILE='$(shown "$secret_file")': expected a file that can be read"
  fi
  [ "$(head -c 1000 "$secret_file" | tr -d '\000' | wc -c)" = "$(wc -c <"$secret_file")" ] ||
    refuse "$1_FILE='$(shown "$secret_file")': expected a line of text"
  secret=$(cat "$secret_file" && echo .)
  secret=${secret%.}
  secret=${secret%"$newline"}
  eval "$1=\$secret"
  unset secret
}
