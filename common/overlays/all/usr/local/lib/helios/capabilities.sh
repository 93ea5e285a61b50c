# shellcheck shell=sh
# Sourced by an image's init after environment.sh: what root has to be allowed for the desktop of another user, so that what is missing is
# told in one line, not by the programs that come across it.

# has_capability NUMBER: of Linux' list. A shell reads a line at a time, of a file that is made anew each time: one that is a digit longer meanwhile,
# as how many signals are queued on the machine, shifts those after it. sed reads all at once.
has_capability() {
  allowed=$(sed -n 's/^CapEff:[[:blank:]]*/0x/p' /proc/self/status)
  [ $((allowed >> $1 & 1)) = 1 ]
}

# require_capabilities NAME:NUMBER...
require_capabilities() {
  is_root || return 0
  lacking=''
  for capability; do
    has_capability "${capability#*:}" || lacking=$lacking,${capability%:*}
  done
  [ -z "$lacking" ] || refuse "root lacks what it makes the desktop's user by: expected --cap-add=${lacking#,}; or a desktop of the container's own user, who needs no capability, by --user 1000:0"
}

# may_listen PORT: those below a number of the network's are for root, or who has CAP_NET_BIND_SERVICE.
may_listen() {
  read -r least 2>/dev/null </proc/sys/net/ipv4/ip_unprivileged_port_start || least=1024
  [ "$1" -ge "$least" ] || has_capability 10
}
