# shellcheck shell=bash disable=SC2034
# What the machine must have, and what is said when it has not.

GB=$((1024 * 1024))

check_machine() {
  [[ $(uname -s) == Linux ]] || fail "the embedded engine needs Linux, this is $(uname -s): start Docker, put dagger v$VERSION on PATH and run again"
  case $(uname -m) in
    x86_64) ARCH=amd64 NODE_ARCH=x64 ;;
    aarch64) ARCH=arm64 NODE_ARCH=arm64 ;;
    *) fail "the embedded engine runs on x86_64 and aarch64, this is $(uname -m): use a dagger with a remote engine (_EXPERIMENTAL_DAGGER_RUNNER_HOST)" ;;
  esac
  ((EUID == 0)) || fail "the embedded engine must be run by root: run again with sudo, or start Docker and put dagger v$VERSION on PATH"
  [[ $SDK_NAME == quick || $SDK_NAME == official ]] || fail "HELIOS_SDK=$SDK_NAME must be quick or official"
  # A unix socket's path has room for 107 bytes; the others end an overlay's or YAML's word.
  [[ $HOME_DIR =~ ^/[A-Za-z0-9/._+@-]{1,88}$ ]] ||
    fail "HELIOS_ENGINE_HOME=$HOME_DIR must be a folder below / with at most 89 letters, digits and / . _ + @ -: set another"
  [[ ${REGISTRY##*:} =~ ^[1-9][0-9]{0,4}$ && ${REGISTRY##*:} -lt 65536 ]] ||
    fail "HELIOS_REGISTRY_PORT=${REGISTRY##*:} is not a port: set a number from 1 to 65535"
  check_home
}

older_than() { [[ $(printf '%s\n%s\n' "$1" "$2" | sort -V | head -1) != "$2" ]]; }

# check_tools TOOL...: names all that is missing at once.
check_tools() {
  local tool found missing=()
  for tool; do
    case $tool in
      go) found=$(go env GOVERSION 2>/dev/null) && ! older_than "${found#go}" 1.21 || missing+=("go >= 1.21") ;;
      node) found=$(node -p process.versions.node 2>/dev/null) && ! older_than "$found" 20 || missing+=("node >= 20") ;;
      *) has "$tool" || missing+=("$tool") ;;
    esac
  done
  ((${#missing[@]} == 0)) || fail "missing tools: $(join_words "${missing[@]}"); install them, put them on PATH and run again"
}

join_words() {
  local first=$1
  shift
  printf '%s' "$first" "${@/#/, }"
}

# check_disk GIGABYTES PURPOSE
check_disk() {
  local dir=$HOME_DIR free
  until [[ -d $dir ]]; do dir=$(dirname "$dir"); done
  free=$(df --output=avail -k "$dir" | tail -1)
  ((free >= $1 * GB)) ||
    fail "not enough disk for $2: $(awk -v k="$free" 'BEGIN { printf "%.1f", k / 1048576 }') GB free at $HOME_DIR, $1 GB needed; free some or set HELIOS_ENGINE_HOME to a larger disk"
}

may_install() {
  [[ -n ${HELIOS_YES:-} || ${CI:-} == true || ${npm_config_yes:-} == true ]]
}

missing_packages() {
  local package
  for package; do
    [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || echo "$package"
  done
}

need_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]} == 0)) && return
  may_install ||
    fail "missing Debian packages: run  apt-get install --no-install-recommends ${missing[*]}  or run again with --yes to have them installed"
  step "installing ${missing[*]}" "20 s" install_packages "${missing[@]}"
}

install_packages() {
  # A source that is of no use here may be unreachable; what matters is the installation.
  apt-get update -qq || true
  DEBIAN_FRONTEND=noninteractive apt-get install -qqy --no-install-recommends "$@"
  # Its service would take the port of the engine's own registry.
  [[ " $* " != *" docker-registry "* ]] || ! has systemctl || systemctl disable --now docker-registry || true
}

# archive debian|debian-security: where this machine takes Debian's packages from.
archive() {
  local uri
  uri=$(apt-get update --print-uris 2>/dev/null |
    sed -n "s,^'\(.*/$1\)/*/dists/.*,\1,p" | awk 'NR == 1' || true)
  echo "${uri:-http://deb.debian.org/$1}"
}

OFFLINE='connection refused|no such host|could not resolve|temporary failure|timed out|timeout|unreachable|no route to host'
OFFLINE+='|ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|ECONNRESET|connection reset|failed to fetch|bad gateway|proxyconnect'

# explain_failure TITLE STEP LOG: ends with one line, and the tool's own last line below it.
explain_failure() {
  local title=$1 name=$2 log=$3 what
  if grep -qiE 'no space left|ENOSPC|disk quota' "$log"; then
    what="the disk is full at $HOME_DIR: free some or set HELIOS_ENGINE_HOME to a larger disk"
  elif grep -qF "$REGISTRY" "$log"; then
    what="the engine's registry on $REGISTRY failed: run  dagger/run engine down  and run again"
  elif grep -qiE "$OFFLINE" "$log"; then
    what=$(unreachable "$name" "$log")
  else
    what="$title failed"
  fi
  {
    printf 'helios: %s; log: %s\n' "$what" "$log"
    last_words "$log"
  } | without_logins >&2
  exit 1
}

# An address of a registry may have a password in it.
without_logins() { sed -E 's,(://)[^/@[:space:]]*@,\1,g'; }

# The line of a log that says most: of the network, else of an error, else the last.
last_words() {
  local pattern
  for pattern in "$OFFLINE|no space left" 'error|fail' .; do
    if grep -iE "$pattern" "$1" | tail -1 | sed 's/^[[:space:]]*/  /' | cut -c1-300 | grep .; then return; fi
  done
}

unreachable() {
  case $1 in
    build_binaries) echo "the Go module proxy is unreachable, GOPROXY=$(go env GOPROXY): check the network or set GOPROXY" ;;
    build_go_sdk) echo "the Go module proxy or the Debian archive is unreachable, GOPROXY=$(go env GOPROXY): check the network" ;;
    build_npm | build_official_npm) echo "the npm registry is unreachable, $(npm config get registry 2>/dev/null): check the network or run  npm config set registry URL" ;;
    make_base | build_root | build_sdk | build_official_sdk | install_packages)
      echo "the Debian archive is unreachable, $(archive debian): check the network or change it in /etc/apt/sources.list or sources.list.d"
      ;;
    *) echo "$1: the network is unreachable" ;;
  esac
}
