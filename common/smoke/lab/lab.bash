# shellcheck shell=bash
# Loaded by every check: boots the image as a plain container and looks at it from outside.
# A container's files lie in $LAB/NAME/rootfs, what it printed in $LAB/NAME/log.

LAB=/lab
# What a container runtime gives a container that asks for nothing.
PLAIN='["CAP_CHOWN","CAP_DAC_OVERRIDE","CAP_FSETID","CAP_FOWNER","CAP_MKNOD","CAP_NET_RAW","CAP_SETGID","CAP_SETUID","CAP_SETFCAP","CAP_SETPCAP","CAP_NET_BIND_SERVICE","CAP_SYS_CHROOT","CAP_KILL","CAP_AUDIT_WRITE"]'
CAPABILITIES=${CAPABILITIES:-$PLAIN}
DEVICES=${DEVICES:-[]}
STOP_SIGNAL=TERM
# Who has the desktop.
OWNER=1000:1000

bats_load_library bats-support
bats_load_library bats-assert

# What a profile may put in place of these: what a container is connected to before it starts, and what else a failed check leaves.
connect() { :; }
disconnect() { :; }
network_of() { :; }
more_evidence() { :; }
# What of the runtime's configuration is changed, by who it is for and by what a check wants: filters of jq, and arguments that they know by
# name, a line each.
AS=. SPEC=.
spec_arguments() { :; }
# volumes NAME: mounts what a container has beside its image.
volumes() { :; }

runtime() { crun --root "$LAB/runtime" --cgroup-manager=disabled "$@"; }

# shellcheck source=common/smoke/lab/display.bash
source /smoke/lab/display.bash
# shellcheck source=common/smoke/lab/services.bash
source /smoke/lab/services.bash
# shellcheck source=common/smoke/kvdi/profile.bash
source "/smoke/$PROFILE/profile.bash"
# shellcheck source=common/smoke/lab/unprivileged.bash
[ -z "${UNPRIVILEGED-}" ] || source /smoke/lab/unprivileged.bash

# poll SECONDS COMMAND...: until the command succeeds; fails with its last words when it never does. An emulated image has more
# time, SLOWNESS times as much. A command that polls itself has its last words in another file.
poll() {
  local seconds=$(($1 * ${SLOWNESS:-1})) words=/tmp/polled-${#FUNCNAME[@]}
  local deadline=$((${EPOCHREALTIME/./} + seconds * 1000000))
  shift
  until "$@" >"$words" 2>&1; do
    if ((${EPOCHREALTIME/./} > deadline)); then
      echo "after $seconds s still not true: $*" >&2
      tail -n 5 "$words" >&2
      return 1
    fi
    sleep 0.05
  done
}

# unpack NAME: lays out a fresh container of the image without starting it.
unpack() {
  mkdir -p "$LAB/$1"/{upper,work,rootfs}
  mount -t overlay overlay -o "lowerdir=/image,upperdir=$LAB/$1/upper,workdir=$LAB/$1/work" "$LAB/$1/rootfs"
  volumes "$1"
}

# start NAME [KEY=VALUE...]: runs a container that was unpacked, with that environment on top of the image's.
start() {
  local name=$1 dir=$LAB/$1 more
  shift
  connect "$name"
  mapfile -t more < <(spec_arguments "$name")
  (cd "$dir" && rm -f config.json && runtime spec)
  jq -L /smoke/lab --slurpfile image /image.json --slurpfile seccomp /smoke/lab/seccomp.json --arg machine "$(uname -m)" \
    --argjson capabilities "$CAPABILITIES" --argjson noNewPrivileges "${NO_NEW_PRIVILEGES:-false}" \
    --argjson devices "$DEVICES" "${more[@]}" --arg network "$(network_of "$name")" '
    include "seccomp"; .process.terminal = false | .root.readonly = false | .hostname = "helios"
    | .process.args = ($image[0].config.Entrypoint + ($image[0].config.Cmd // []))
    | .process.env = ($image[0].config.Env + $ARGS.positional)
    | .process.noNewPrivileges = $noNewPrivileges
    | .process.capabilities = {bounding: $capabilities, effective: $capabilities, permitted: $capabilities}
    | .process.rlimits = [{type: "RLIMIT_NOFILE", soft: 4096, hard: 4096}]
    | .linux.devices = $devices
    | .linux.seccomp = ($seccomp[0] | container_profile($capabilities; $machine))
    | if $network == "" then . else (.linux.namespaces[] | select(.type == "network")).path = $network end
    | '"$AS | $SPEC" \
    "$dir/config.json" --args "$@" >"$dir/new.json"
  mv "$dir/new.json" "$dir/config.json"
  runtime run --bundle "$dir" "$name" >"$dir/log" 2>&1 3>&- &
  echo $! >"$dir/runtime.pid"
}

# restart NAME [KEY=VALUE...]: the same container, told to stop as a container runtime tells it, and started again.
restart() {
  runtime kill "$1" "$STOP_SIGNAL"
  ended "$1" 10 || return 1
  start "$@"
}

# boot NAME [KEY=VALUE...]: a fresh container of the image, running.
boot() {
  unpack "$1"
  start "$@"
}

# desktop NAME [KEY=VALUE...]: boots with a user and waits until the desktop can be used.
desktop() {
  begin boot "$@"
  filtered "$1"
}

# begin boot|start|restart NAME [KEY=VALUE...]: that, with a user, and waits until the desktop can be used.
begin() {
  "$1" "$2" USER=bob "UID=${OWNER%:*}" "${REQUIRED[@]}" "${@:3}"
  poll 30 usable "$2"
}

# filtered NAME: the kernel refuses a container what Docker's default seccomp profile doesn't allow it.
filtered() {
  grep --quiet --perl-regexp '^Seccomp:\t2$' "/proc/$(init_pid "$1")/status" || {
    echo "$1 runs without a seccomp filter" >&2
    return 1
  }
}

# ended NAME SECONDS: waits for a container's end; its exit code is in $code.
ended() {
  local pid
  pid=$(<"$LAB/$1/runtime.pid")
  poll "$2" gone "$pid" || return 1
  code=0
  wait "$pid" || code=$?
}

# ends_refusing NAME TEXT: a container that was started ends within 10 s with one line that has the text.
ends_refusing() {
  ended "$1" 10 || return 1
  assert_not_equal "$code" 0
  assert_equal "$(wc -l <"$LAB/$1/log")" 1
  assert grep --quiet --fixed-strings -- "$2" "$LAB/$1/log"
}

# refuses TEXT KEY=VALUE...: a fresh container does so.
refuses() {
  boot box USER=bob UID=1000 "${REQUIRED[@]}" "${@:2}"
  ends_refusing box "$1" || return 1
  discard box
}

# holds SECONDS COMMAND...: as long as that the command succeeds each time it is asked.
holds() {
  local seconds=$1 deadline=$((${EPOCHREALTIME/./} + $1 * 1000000)) words=/tmp/polled-${#FUNCNAME[@]}
  shift
  while ((${EPOCHREALTIME/./} < deadline)); do
    if ! "$@" >"$words" 2>&1; then
      echo "not true for $seconds s: $*" >&2
      tail -n 5 "$words" >&2
      return 1
    fi
    sleep 0.05
  done
}

gone() { ! kill -0 "$1" 2>/dev/null; }

init_pid() { runtime state "$1" | jq .pid; }

inside() { runtime exec "$@"; }

rootfs() { printf '%s/%s/rootfs' "$LAB" "$1"; }

# keep_evidence NAME: the container's log and what its display shows go into the report of a check that failed.
keep_evidence() {
  [ -f "$LAB/$1/log" ] && cp "$LAB/$1/log" "/report/$1.log"
  picture "$1" "/report/$1.png" >/dev/null 2>&1 || true
  more_evidence "$1"
}

# discard NAME: stops a container and removes its files.
discard() {
  # One that was started a moment ago isn't known to the runtime yet.
  for _ in {1..100}; do
    if runtime kill "$1" KILL 2>/dev/null || [ ! -f "$LAB/$1/runtime.pid" ] || gone "$(<"$LAB/$1/runtime.pid")"; then break; fi
    sleep 0.05
  done
  [ ! -f "$LAB/$1/runtime.pid" ] || wait "$(<"$LAB/$1/runtime.pid")" 2>/dev/null || true
  runtime delete --force "$1" 2>/dev/null || true
  umount -l "$(rootfs "$1")" || true
  disconnect "$1"
  rm -rf "${LAB:?}/$1"
}

teardown() {
  local dir name
  for dir in "$LAB"/*/rootfs; do
    [ -d "$dir" ] || continue
    name=$(basename "$(dirname "$dir")")
    [ -n "${BATS_TEST_COMPLETED:-}" ] || keep_evidence "$name"
    discard "$name"
  done
}
