# shellcheck shell=bash
# A wire to each container: its namespace of the network has an address that only its client's namespace reaches, and no
# other route. All containers have the same address, each at the end of a wire of its own; but NAME_2 is in the network of NAME.

ADDRESS=10.77.0.2
ADDRESS6=fd77::2
CLIENT=10.77.0.1

network_of() { printf '/run/netns/%s' "${1/_[0-9]/}"; }

# connect NAME: lays a container's wire, unless it lies already.
connect() {
  [ ! -e "$(network_of "$1")" ] || return 0
  ip netns add "$1"
  ip netns add "$1-client"
  ip -n "$1-client" link add eth0 type veth peer name eth0 netns "$1"
  ip -n "$1-client" address add "$CLIENT/24" dev eth0
  ip -n "$1-client" address add fd77::1/64 dev eth0 nodad
  ip -n "$1" address add "$ADDRESS/24" dev eth0
  ip -n "$1" address add "$ADDRESS6/64" dev eth0 nodad
  local end interface
  for end in "$1" "$1-client"; do
    for interface in lo eth0; do ip -n "$end" link set "$interface" up; done
  done
}

disconnect() {
  browser "$1" close >/dev/null 2>&1 || true
  ip netns delete "$1" 2>/dev/null || true
  ip netns delete "$1-client" 2>/dev/null || true
}

# at NAME COMMAND...: a program at the other end of a container's wire.
at() {
  local name=$1
  shift
  nsenter --net="$(network_of "$name-client")" "$@" 3>&-
}

# beside NAME COMMAND...: a program of the lab in a container's own network.
beside() {
  local name=$1
  shift
  nsenter --net="$(network_of "$name")" "$@" 3>&-
}
