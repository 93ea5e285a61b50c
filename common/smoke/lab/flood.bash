# shellcheck shell=bash
# What a desktop must bear of whoever reaches its ports.

# memory SERVICE: kilobytes that its process holds.
memory() { awk '$1 == "VmRSS:" { print $2 }' "/proc/$(host_pid "$1")/status"; }

# host_pid SERVICE: its process's number outside the container.
host_pid() {
  local pid
  pid=$(pid_of "$1")
  grep -l "^NSpid:.*[[:space:]]$pid\$" /proc/[0-9]*/status 2>/dev/null | while IFS=/ read -r _ _ outside _; do
    if [ "$(readlink "/proc/$outside/ns/pid")" = "$(readlink "/proc/$(init_pid box)/ns/pid")" ]; then echo "$outside"; fi
  done
}

# flooded NAME COMMAND...: the command's connections are open; dried NAME waits until the server has hung up on all of them.
flooded() {
  "${@:2}" >"/tmp/flood-$1" 2>&1 &
  echo $! >"/tmp/flood-$1.pid"
  poll 30 grep --quiet connected "/tmp/flood-$1"
}

dried() {
  wait "$(<"/tmp/flood-$1.pid")" || {
    cat "/tmp/flood-$1"
    return 1
  }
}
