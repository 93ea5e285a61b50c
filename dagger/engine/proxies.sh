# shellcheck shell=bash disable=SC2153
# The proxies of whoever calls: this machine's programs have them while they build the engine, and so has the engine, which hands them on to
# the programs that it runs: in their environment alone, and unknown to its cache. They may have passwords, so no argument, file or message has them.

PROXIES=(HTTP_PROXY HTTPS_PROXY ALL_PROXY)

# settle_proxies: exports each in upper and lower case, as programs read the one or the other, with what some need and others guess: a
# scheme and a port. One that is empty is none.
settle_proxies() {
  local name lower value none proxied=''
  none=${NO_PROXY:-${no_proxy:-}}
  for name in "${PROXIES[@]}"; do
    lower=${name,,}
    value=${!name:-${!lower:-}}
    [[ $none != '*' ]] || value=''
    if [[ $value ]]; then value=$(proxy_address "$name" "$value") proxied=1; fi
    export_both "$name" "$value"
  done
  if [[ $proxied ]]; then none=$(direct_hosts "$none"); fi
  export_both NO_PROXY "$none"
}

export_both() {
  unset "$1" "${1,,}"
  [[ -z $2 ]] || export "$1=$2" "${1,,}=$2"
}

# proxy_address NAME VALUE
proxy_address() {
  local scheme login host port
  [[ $2 =~ ^((https?|socks5h?)://)?(([A-Za-z0-9._~!$\&\'\(\)*+,\;=:%-]+)@)?([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:([0-9]{1,5}))?/?$ ]] ||
    fail "$1 is no proxy's address: expected one such as http://proxy.example:3128 or http://USER:PASSWORD@proxy.example:3128, in which other characters than letters and digits are %-encoded"
  scheme=${BASH_REMATCH[2]:-http} login=${BASH_REMATCH[3]} host=${BASH_REMATCH[5]} port=${BASH_REMATCH[7]}
  case ${port:-$scheme} in
    http) port=80 ;;
    https) port=443 ;;
    socks*) port=1080 ;;
  esac
  echo "$scheme://$login$host:$port"
}

# direct_hosts VALUE: what NO_PROXY names, with commas, and the machine itself.
direct_hosts() {
  local host hosts=()
  read -rd '' -a hosts <<<"${1//,/ }" || true
  for host in localhost 127.0.0.1 ::1; do
    [[ " ${hosts[*]} " == *" $host "* ]] || hosts+=("$host")
  done
  (IFS=, && echo "${hosts[*]}")
}

# print_proxies: a line for each variable that the engine has of them. What is on the machine's loopback is reached there at the gateway of its
# containers' network, in which everything is near.
print_proxies() {
  local name value cidr lines=()
  for name in "${PROXIES[@]}"; do
    value=${!name:-}
    [[ $value ]] || continue
    [[ ! $value =~ ^([a-z0-9]+://([^@]*@)?)$LOOPBACK(:[0-9]+)$ ]] || value=${BASH_REMATCH[1]}$(gateway)${BASH_REMATCH[4]}
    lines+=("$name=$value" "${name,,}=$value")
  done
  ((${#lines[@]})) || return 0
  read -r _ cidr < <(network)
  value=$NO_PROXY,$(gateway),$cidr
  printf '%s\n' "${lines[@]}" "NO_PROXY=$value" "no_proxy=$value"
}

# proxy_ports: those of the proxies on this machine's loopback.
proxy_ports() {
  local name
  for name in "${PROXIES[@]}"; do
    [[ ! ${!name:-} =~ ://([^@]*@)?$LOOPBACK:([0-9]+)$ ]] || echo "${BASH_REMATCH[3]}"
  done | sort -u
}

# has_proxies: whether the engine that runs was started with those of this call.
has_proxies() { [[ $(print_proxies | sort) == "$(engine_proxies)" ]]; }

# The environment of a process is root's alone to read.
engine_proxies() {
  local pid
  pid=$(engine_process) || return
  { tr '\0' '\n' <"/proc/$pid/environ" | grep -E '^[A-Za-z]+_(PROXY|proxy)=' | sort; } 2>/dev/null || true
}

CERTIFICATES=/usr/local/share/ca-certificates

# has_certificates: whether the engine that runs has the machine's own, which it hands on as well.
has_certificates() { [[ $(certificates "$CERTIFICATES") == "$(certificates_of_engine)" ]]; }

certificates_of_engine() {
  local pid
  pid=$(engine_process) && certificates "/proc/$pid/root$CERTIFICATES"
}

certificates() { { cd "$1" && sha256sum -- *.crt; } 2>/dev/null || true; }
