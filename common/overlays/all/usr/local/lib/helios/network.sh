# shellcheck shell=sh
# Sourced by what takes a port or a display: which of them somebody else has already in this network. Containers of a pod share one, and so
# does a container with its host where it has the host's.

# listens PORT: somebody takes TCP connections there, on whatever address.
listens() {
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v port=":$(printf %04X "$1")" '
    $4 == "0A" && substr($2, length($2) - 4) == port { found = 1 }
    END { exit !found }'
}

# require_free_port NAME PORT: as NAME says it, after capabilities.sh.
require_free_port() {
  may_listen "$2" || refuse "$1=$2: user $(id -u) may not listen there: expected a port from 1024 up; or --sysctl net.ipv4.ip_unprivileged_port_start=0, or root with --cap-add=NET_BIND_SERVICE"
  if listens "$2"; then refuse "$1=$2: that port is taken in this network: expected one that is free; for example $1=$(($2 < 65000 ? $2 + 100 : 3000))"; fi
}

# has_display NUMBER: there is an X server of that number. Its abstract socket belongs to the network, and clients try that one first. Some pad its name.
has_display() { grep -qs "@/tmp/\.X11-unix/X$1@*\$" /proc/net/unix; }

# free_display NUMBER: prints that one, or the first after it that is free. Who wants more of a number than a display has an is_taken.
free_display() {
  number=$1
  while is_taken "$number"; do number=$((number + 1)); done
  echo "$number"
}

is_taken() { has_display "$1"; }
