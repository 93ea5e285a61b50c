# shellcheck shell=bash disable=SC2153
# What listens on this machine's loopback, such as --mirror=git://127.0.0.1 or a proxy, is out of the engine's containers' reach: for as long
# as calls are under way, what connects to its port at the gateway of their network is handed on to it.

LOOPBACK='(127\.[0-9.]+|localhost)'

# mirror_port ARG...: the port of a --mirror on loopback, if that is what the arguments have.
mirror_port() {
  local arg previous='' address=''
  for arg; do
    [[ $previous != --mirror ]] || address=$arg
    [[ $arg != --mirror=* ]] || address=${arg#--mirror=}
    previous=$arg
  done
  [[ $address =~ ^([a-z]+)://([^/@]*@)?$LOOPBACK(:([0-9]+))?(/|$) ]] || return 0
  case ${BASH_REMATCH[5]:-${BASH_REMATCH[1]}} in
    git) echo 9418 ;;
    http) echo 80 ;;
    https) echo 443 ;;
    ssh) echo 22 ;;
    *) echo "${BASH_REMATCH[5]}" ;;
  esac
}

# The address of the machine in the network of the engine's containers.
gateway() {
  local cidr
  read -r _ cidr < <(network)
  echo "${cidr%.*}.1"
}

# forward PORT WHAT: to be called with a share of the lock of calls, and only while others have one does it stay.
forward() {
  local port=$1 address
  address=$(gateway)
  if reaches "$address" "$port" || ! reaches 127.0.0.1 "$port"; then return; fi
  setsid "$ENGINE_DIR/forward" "$address" "$port" "$HOME_DIR/calls.lock" >"$RUN/forward.log" 2>&1 </dev/null {CALLS}>&- &
  for _ in {1..40}; do
    if reaches "$address" "$port"; then return; fi
    sleep 0.05
  done
  fail "the $2 on port $port of 127.0.0.1 could not be passed on to the engine's containers; log: $RUN/forward.log"
}

# forward_loopback ARG...: a call's mirror, and its proxies.
forward_loopback() {
  local port
  port=$(mirror_port "$@")
  [[ -z $port ]] || forward "$port" mirror
  for port in $(proxy_ports); do forward "$port" proxy; done
}
