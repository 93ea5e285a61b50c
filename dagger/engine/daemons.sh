# shellcheck shell=bash
# The engine and its registry: started, watched, stopped.

command_line() { { tr '\0' ' ' <"/proc/$1/cmdline"; } 2>/dev/null || true; }

# A pid may have been given to another process since: whose it is and what it runs is compared as well.
engine_pid() { pid_running engine "__enter $HOME_DIR "; }
# What `enter` has become: the first process of its namespace.
engine_process() {
  local pid
  pid=$(engine_pid) && cut -d' ' -f1 "/proc/$pid/task/$pid/children" 2>/dev/null
}
registry_pid() { pid_running registry "serve $RUN/registry.yml"; }
pid_running() {
  local pid
  pid=$(cat "$RUN/$1.pid" 2>/dev/null) || return 1
  [[ -O /proc/$pid && "$(command_line "$pid")" == *"$2"* ]] && echo "$pid"
}

engine_alive() { engine_pid >/dev/null && node "$ENGINE_DIR/probe.mjs" "$RUN/engine.sock"; }
registry_alive() { registry_pid >/dev/null && serving && registry_matches; }
registry_matches() { [[ $(registry_config true) == "$(cat "$RUN/registry.yml" 2>/dev/null)" ]]; }
# reaches ADDRESS PORT: something listens there.
reaches() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }
listening() { reaches "${REGISTRY%:*}" "${REGISTRY##*:}"; }
# Whether it is a program of this user's: another's that took the port while it was free is no registry.
serving() {
  awk -v at="0100007F:$(printf %04X "${REGISTRY##*:}")" -v uid="$EUID" \
    '$2 == at && $4 == "0A" && $8 == uid { found = 1 } END { exit !found }' /proc/net/tcp
}
arm64_seen() { [[ $ARCH == arm64 || -e $RUN/arm64 ]]; }

# Engines of several homes share the machine's network: each has a bridge and a range of its own.
network() {
  local n
  n=$((16#$(echo "$HOME_DIR" | hash_of | cut -c1-4)))
  printf 'helios%04x 10.%d.%d.0/20\n' $n $((128 + n / 16 % 64)) $((n % 16 * 16))
}

# Debian's package of the registry starts one as a service where there is systemd.
port_owner() {
  if systemctl is-active --quiet docker-registry 2>/dev/null; then
    echo "the service of the package docker-registry: run  systemctl disable --now docker-registry "
  else
    echo "another program: stop it"
  fi
}

# registry_config READONLY: anybody on the machine reaches its port, and has no account there, so the one that serves takes nothing; bases.sh has
# how images get in.
registry_config() {
  cat <<YAML
version: 0.1
log: {level: warn, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: $IMAGES}, maintenance: {readonly: {enabled: $1}}}
http: {addr: $REGISTRY}
YAML
}

start_registry() {
  registry_alive && return
  stop registry
  ! listening || fail "port ${REGISTRY##*:} on 127.0.0.1 is taken by $(port_owner) or set HELIOS_REGISTRY_PORT to a free port"
  registry_config true >"$RUN/registry.yml"
  setsid docker-registry serve "$RUN/registry.yml" >"$RUN/registry.log" 2>&1 </dev/null {LOCK}>&- &
  echo $! >"$RUN/registry.pid"
  for _ in {1..40}; do
    registry_alive && return
    sleep 0.25
  done
  fail "the registry did not start on $REGISTRY; log: $RUN/registry.log"
}

start_engine() {
  local name cidr
  read -r name cidr < <(network)
  mkdir -p "$STATE" "$HOME_DIR/mnt"
  await_state
  # Network namespaces of an engine that was killed are gone; what they were mounted on is not.
  rm -rf --one-file-system "$STATE/net/cni"
  rm -f "$RUN/engine.sock" "$RUN/arm64"
  [[ ! -f $RUN/engine.log ]] || mv "$RUN/engine.log" "$RUN/engine.log.1"
  [[ ! -e /proc/sys/fs/binfmt_misc/qemu-aarch64 ]] || touch "$RUN/arm64"
  # By default the engine wants a fifth of the disk to be free, and throws away what it built after each call where that isn't.
  cat >"$RUN/engine.toml" <<TOML
insecure-entitlements = ["security.insecure"]
[[worker.oci.gcpolicy]]
  all = true
  reservedSpace = "10GB"
  maxUsedSpace = "75%"
  minFreeSpace = "5GB"
[registry."docker.io"]
  mirrors = ["$REGISTRY"]
[registry."$REGISTRY"]
  http = true
TOML
  list_sdks >"$RUN/sdks"
  # By its input, as proxies may have passwords and arguments are everybody's to read; in no process of its own, which would be a child of
  # what becomes the engine's parent.
  setsid unshare --mount --pid --fork --kill-child=KILL --propagation private \
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    bash "$ENGINE_DIR/enter" __enter "$HOME_DIR" "$STATE" "$(sdk_folders)" --network-name "$name" --network-cidr "$cidr" \
    >"$RUN/engine.log" 2>&1 <<<"$(engine_environment)" {LOCK}>&- &
  echo $! >"$RUN/engine.pid"
  await_engine $!
}

# An engine that was killed has its state locked until the kernel is done with it, and another that finds it so ends at once.
await_state() {
  local file=$STATE/dagger-engine.lock
  [[ ! -f $file ]] || flock --timeout 60 "$file" true ||
    fail "another process has the engine's state locked ($file): end it, then call again;  lslocks  names it"
}

engine_environment() {
  sdk_environment
  print_proxies
}

# await_engine PID: an engine that was killed before it wrote its cache down first throws it away, which takes minutes where that is large. Its
# process, a child of this one, is asked for by number alone: on a busy machine it isn't yet the command that engine_pid compares.
await_engine() {
  local alive='' said=''
  for _ in {1..2400}; do
    ! engine_alive || alive=yes
    if [[ -z $said ]] && grep -qs 'local cache state invalid' "$RUN/engine.log"; then
      say "the engine was killed before it wrote its cache down: that is thrown away, and may take minutes"
      said=yes
    fi
    [[ -z $alive ]] || return 0
    kill -0 "$1" 2>/dev/null || return 1
    sleep 0.25
  done
  return 1
}

restart_engine() {
  for _ in 1 2; do
    stop engine 1
    start_engine && return
    check_name_server
  done
  say "the engine did not start on its cache: starting with an empty one"
  stop engine
  rm -rf --one-file-system "$STATE"
  start_engine || {
    printf 'helios: the engine did not start; log: %s\n  %s\n' "$RUN/engine.log" "$(tail -1 "$RUN/engine.log" | cut -c1-300)" >&2
    exit 1
  }
}

check_name_server() {
  ! grep -q 'type="dnsname" failed' "$RUN/engine.log" ||
    fail "the engine did not start, as another name server of this machine has port 53 on all addresses: stop it or bind it to its own; log: $RUN/engine.log"
}

# stop engine|registry [SECONDS]: asks, then kills. The engine writes its cache down when asked.
stop() {
  local pid inner i
  pid=$("$1_pid") || pid=''
  if [[ -z $pid ]]; then
    rm -f "$RUN/$1.pid" "$RUN/$1.sock"
    [[ $1 != engine ]] || delete_bridge
    return
  fi
  inner=$(cat "/proc/$pid/task/$pid/children" 2>/dev/null || true)
  # shellcheck disable=SC2086
  kill -TERM ${inner:-$pid} 2>/dev/null || true
  for ((i = 0; i < 4 * ${2:-60}; i++)); do
    "$1_pid" >/dev/null || break
    sleep 0.25
  done
  # shellcheck disable=SC2086
  ! "$1_pid" >/dev/null || kill -KILL $inner "$pid" 2>/dev/null || true
  rm -f "$RUN/$1.pid" "$RUN/$1.sock"
  [[ $1 != engine ]] || delete_bridge
}

delete_bridge() {
  local name _
  read -r name _ < <(network)
  ip link delete "${name}0" 2>/dev/null || true
}

# A restart for another reason than death lets the calls under way end first.
stop_before_replacing() {
  local calls
  engine_pid >/dev/null || return 0
  exec {calls}>"$HOME_DIR/calls.lock"
  if ! flock --nonblock "$calls"; then
    say "waiting: the engine must be restarted and other calls still use it"
    wait_for "$calls"
  fi
  stop engine
  exec {calls}>&-
}
