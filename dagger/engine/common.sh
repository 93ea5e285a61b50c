# shellcheck shell=bash
# shellcheck disable=SC2034 # the names are for the files that source this
# What every part of the embedded engine shares: names, messages, the lock, steps.

VERSION=0.21.8
ESBUILD=0.25.12 TYPESCRIPT=5.9.3 NODE=24
FARM=$(cd "$ENGINE_DIR/../.." && pwd)
HOME_DIR=${HELIOS_ENGINE_HOME:-${HOME:-/root}/.cache/helios-engine}
case $HOME_DIR in
  /*) ;;
  *) HOME_DIR=$PWD/$HOME_DIR ;;
esac
[[ $HOME_DIR == / ]] || HOME_DIR=${HOME_DIR%/}
export HELIOS_ENGINE_HOME=$HOME_DIR
BIN=$HOME_DIR/bin ROOT=$HOME_DIR/root RUN=$HOME_DIR/run IMAGES=$HOME_DIR/images
BASES=$HOME_DIR/bases LOGS=$HOME_DIR/logs TMP=$HOME_DIR/tmp MARKER=$HOME_DIR/.helios-engine
REGISTRY=127.0.0.1:${HELIOS_REGISTRY_PORT:-5000}
STEP='' LOCK='' WAITER=''

say() {
  if [[ -t 2 ]]; then
    printf '\033[1m▸ %s\033[0m\n' "$*" >&2
  else
    printf '▸ %s\n' "$*" >&2
  fi
}

fail() { # one line that says what is wrong and what to do
  printf 'helios: %s\n' "$*" >&2
  exit "${CODE:-1}"
}

duration() {
  if (($1 < 60)); then echo "$1 s"; else echo "$(($1 / 60)) min $(($1 % 60)) s"; fi
}

# One build, start or stop at a time. A home that was wiped meanwhile has a new lock file.
lock() {
  while :; do
    claim_home
    exec {LOCK}>"$HOME_DIR/lock"
    if ! flock --nonblock "$LOCK"; then
      say "waiting: another command is at work on the engine in $HOME_DIR"
      wait_for "$LOCK"
    fi
    [[ $HOME_DIR/lock -ef /proc/self/fd/$LOCK ]] && return
    exec {LOCK}>&-
  done
}

# Waited for in the background, so that a signal is heard meanwhile.
wait_for() {
  flock "${@:2}" "$1" &
  WAITER=$!
  wait "$WAITER"
  WAITER=''
}

unlock() {
  [[ -z $LOCK ]] || exec {LOCK}>&-
  LOCK=''
}

clean_temporary() {
  local mounts mount
  mapfile -t mounts < <(awk -v dir="$TMP/" 'index($2, dir) == 1 { print $2 }' /proc/mounts | sort -r)
  for mount in "${mounts[@]}"; do umount -l "$mount"; done
  rm -rf --one-file-system "$TMP"
}

# step TITLE USUAL FUNCTION ARG...: the function runs in a session of its own, so that it can be ended as a whole.
step() {
  local title=$1 usual=$2 start=$SECONDS code=0
  shift 2
  mkdir -p "$LOGS" "$TMP"
  say "$title (usually $usual)"
  TMPDIR=$TMP setsid bash "$ENGINE_DIR/engine" __step "$@" >"$LOGS/$1.log" 2>&1 </dev/null &
  STEP=$!
  wait "$STEP" || code=$?
  STEP=''
  if ((code != 0)); then
    clean_temporary
    explain_failure "$title" "$1" "$LOGS/$1.log"
  fi
  say "$title: done in $(duration $((SECONDS - start)))"
}

end_step() {
  [[ -n $STEP ]] || return 0
  kill -TERM -- "-$STEP" 2>/dev/null || true
  for _ in {1..30}; do
    kill -0 -- "-$STEP" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL -- "-$STEP" 2>/dev/null || true
  wait "$STEP" 2>/dev/null || true
  clean_temporary
}

cancel() {
  trap '' INT TERM
  [[ -z $WAITER ]] || kill -KILL "$WAITER" 2>/dev/null || true
  end_step
  CODE=$1 fail cancelled
}

# swap NEW CURRENT: the new folder takes the place of the current one.
swap() {
  rm -rf "$TMP/old"
  [[ ! -e $2 ]] || mv "$2" "$TMP/old"
  mv "$1" "$2"
  rm -rf "$TMP/old"
}

hash_of() { sha256sum | cut -c1-16; }
has() { command -v "$1" >/dev/null 2>&1; }
