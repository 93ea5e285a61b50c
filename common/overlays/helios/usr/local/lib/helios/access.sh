# shellcheck shell=sh
# Sourced by bin/init after environment.sh and secrets.sh: who may use the desktop from outside, and by which proxies and names.
# Leaves AUTH, PASSWORD, VIEW_PASSWORD, PROXY_SECRET, HOSTS and TRUSTED_PROXY.

check_access() {
  forget_empty AUTH HOSTS TRUSTED_PROXY PASSWORD PASSWORD_FILE VIEW_PASSWORD VIEW_PASSWORD_FILE PROXY_SECRET PROXY_SECRET_FILE
  AUTH=${AUTH-password}
  require_one_of AUTH "$AUTH" password proxy
  for secret_name in PASSWORD VIEW_PASSWORD PROXY_SECRET; do read_secret "$secret_name"; done
  if [ "${PASSWORD+set}" ]; then
    require_password PASSWORD "$PASSWORD"
  elif [ "$AUTH" = password ]; then
    refuse "PASSWORD is not set: expected PASSWORD or PASSWORD_FILE, or AUTH=proxy where a proxy asks users who they are"
  fi
  if [ "${VIEW_PASSWORD+set}" ]; then
    require_password VIEW_PASSWORD "$VIEW_PASSWORD"
    [ "$VIEW_PASSWORD" != "${PASSWORD-}" ] || refuse "VIEW_PASSWORD is PASSWORD too: expected two passwords, as a viewer is no owner"
  fi
  check_proxy
  export AUTH
}

# A password is shown nowhere, not even a bad one.
require_password() {
  [ -n "$2" ] || refuse "$1 is empty: expected 8 to 128 bytes"
  case $2 in
    *[[:cntrl:]]*) refuse "$1 has a control character, such as a newline: expected characters that can be typed" ;;
  esac
  length=$(printf %s "$2" | wc -c)
  [ "$length" -ge 8 ] || refuse "$1 is too short: expected 8 to 128 bytes, as shorter ones are guessed"
  [ "$length" -le 128 ] || refuse "$1 is too long: expected 8 to 128 bytes"
}

# Whoever reaches the port could say that a proxy has let them in; so could any web page of whoever can reach it, under a name of
# its own.
check_proxy() {
  [ -z "${PROXY_SECRET+set}" ] || check_proxy_secret
  [ -z "${HOSTS+set}" ] || check_hosts
  [ -z "${TRUSTED_PROXY+set}" ] || check_networks
  [ "$AUTH" = password ] || [ "${PROXY_SECRET+set}${HOSTS+set}" ] ||
    refuse "AUTH=proxy alone lets in whoever reaches the port: expected PROXY_SECRET too, which the proxy adds as X-Proxy-Secret, or HOSTS, the names that it is asked for by; for example HOSTS=desk.example"
}

check_proxy_secret() {
  case $PROXY_SECRET in
    *[!A-Za-z0-9._~+/=-]*) refuse "PROXY_SECRET has other characters: expected 16 to 128 letters, digits and . _ ~ + / = -, such as openssl rand -hex 16 prints" ;;
  esac
  [ "${#PROXY_SECRET}" -ge 16 ] || refuse "PROXY_SECRET is too short: expected 16 to 128 characters, such as openssl rand -hex 16 prints"
  [ "${#PROXY_SECRET}" -le 128 ] || refuse "PROXY_SECRET is too long: expected 16 to 128 characters"
}

check_hosts() {
  case ,$HOSTS, in
    *,,* | *[!A-Za-z0-9.,:_\[\]-]*) refuse_hosts ;;
  esac
  [ "${#HOSTS}" -le 1000 ] || refuse "HOSTS='$(shown "$HOSTS")…': expected at most 1000 characters"
  list=$HOSTS,
  while [ -n "$list" ]; do
    host=${list%%,*}
    list=${list#*,}
    case $host in
      \[*\]) is_network "$(printf %s "$host" | tr -d '[]')" 6 || refuse_hosts ;;
      *[:\[\]]* | [.-]* | *..* | *[.-]) refuse_hosts ;;
    esac
    [ "${#host}" -le 253 ] || refuse_hosts
  done
  export HOSTS
}

refuse_hosts() {
  refuse "HOSTS='$(shown "$HOSTS")': expected host names without ports, with a comma between two; for example HOSTS=desk.example,192.0.2.1"
}

check_networks() {
  case ,$TRUSTED_PROXY, in
    *,,* | *[!0-9A-Fa-f.:/,]*) refuse_networks ;;
  esac
  [ "${#TRUSTED_PROXY}" -le 1000 ] || refuse "TRUSTED_PROXY='$(shown "$TRUSTED_PROXY")…': expected at most 1000 characters"
  list=$TRUSTED_PROXY,
  while [ -n "$list" ]; do
    is_network "${list%%,*}" || refuse_networks
    list=${list#*,}
  done
  export TRUSTED_PROXY
}

refuse_networks() {
  refuse "TRUSTED_PROXY='$(shown "$TRUSTED_PROXY")': expected networks of proxies, with a comma between two; for example TRUSTED_PROXY=192.0.2.1,10.1.0.0/16,fd00::/64"
}

# is_network ADDRESS[/BITS] [6]: of IPv4 or IPv6, or of IPv6 alone and without bits.
is_network() {
  printf '%s\n' "$1" | awk -F / -v only="${2-}" '
    function is4(address, part, count) {
      count = split(address, part, ".")
      for (i = 1; i <= count; i++) if (part[i] !~ /^(0|[1-9][0-9]?[0-9]?)$/ || part[i] > 255) return 0
      return count == 4
    }
    function is6(address, part, count, short) {
      short = gsub(/::/, ":+:", address)
      count = split(address, part, ":")
      for (i = 1; i <= count; i++) {
        if (part[i] == "+" || part[i] == "" && short && (i == 1 && part[2] == "+" || i == count && part[i - 1] == "+")) groups--
        else if (part[i] !~ /^[0-9A-Fa-f][0-9A-Fa-f]?[0-9A-Fa-f]?[0-9A-Fa-f]?$/) return 0
      }
      groups += count
      return short ? short == 1 && groups < 8 : groups == 8
    }
    {
      most = is6($1) ? 128 : only == "" && is4($1) ? 32 : 0
      fine = most && (NF == 1 || only == "" && NF == 2 && $2 ~ /^[1-9][0-9]?[0-9]?$/ && $2 <= most)
    }
    END { exit !fine }'
}
