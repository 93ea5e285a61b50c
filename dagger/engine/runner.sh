# shellcheck shell=bash
# Whether an engine answers at _EXPERIMENTAL_DAGGER_RUNNER_HOST: it is asked on the way that the dagger CLI takes to it.

RUNNERS='unix://SOCKET, tcp://HOST:PORT, tls://HOST[:PORT], ssh://[USER@]HOST[:PORT][/SOCKET], kube-pod://POD, container[+TOOL]://NAME, '
RUNNERS+='image[+TOOL]://IMAGE or dagger-cloud://'

# within_time COMMAND...: for 5 s at most.
within_time() { if has timeout; then timeout 5 "$@"; else "$@"; fi; }

# answers TOOL: the container runtime does.
answers() {
  local asked=(info)
  [[ $1 != container ]] || asked=(system status)
  has "$1" && within_time "$1" "${asked[@]}" >/dev/null 2>&1
}

# lacks_answer COMMAND...: what it says in place of what an engine answers to HTTP that is written to it.
lacks_answer() {
  local said
  if ! has "$1"; then
    echo "it takes $1, which isn't on PATH"
    return
  fi
  said=$(printf 'GET / HTTP/1.1\r\nHost: engine\r\nConnection: close\r\n\r\n' |
    within_time "$@" 2>&1 | head -c 4096 | tr -d '\0\r' || true)
  ! grep -q '^HTTP/1' <<<"$said" || return 0
  said=$(grep -E 'verify error|[^[:space:]]' <<<"$said" | awk '/verify error/ { line = $0; exit } { line = $0 } END { print line }' | cut -c1-300)
  echo "${said:-no answer within 5 s}"
}

# decoded TEXT: without the percent signs of an address.
decoded() {
  local text=${1//\\/\\\\}
  printf '%b' "${text//%/\\x}"
}

# parameter NAME: that of the address' query.
parameter() {
  local pair pairs
  IFS='&' read -ra pairs <<<"$query"
  for pair in ${pairs[@]+"${pairs[@]}"}; do
    if [[ $pair == "$1="* ]]; then
      pair=${pair#*=}
      decoded "${pair//+/ }"
      return
    fi
  done
}

# runner_lacks ADDRESS: why no engine is reached there; nothing if one is.
runner_lacks() {
  local scheme=${1%%://*} rest=${1#*://} query='' authority path user='' host port
  [[ $rest != *\?* ]] || query=${rest#*\?}
  authority=${rest%%[/?]*}
  path=${rest#"$authority"}
  path=$(decoded "${path%%\?*}")
  [[ $authority != *@* ]] || user=$(decoded "${authority%@*}")
  [[ ${authority##*@} =~ ^(\[([^]]*)\]|([^:]*))(:([0-9]*))?$ ]] || scheme=''
  host=${BASH_REMATCH[2]:-}${BASH_REMATCH[3]:-} port=${BASH_REMATCH[5]:-}
  case $scheme in
    unix) lacks_unix "$rest" ;;
    tcp) lacks_tcp ;;
    tls) lacks_tls ;;
    ssh) lacks_ssh ;;
    kube-pod) lacks_pod ;;
    docker-container | container | container+*) lacks_container "$(tool_of "$scheme")" ;;
    docker-image | image | image+*) lacks_image "$(tool_of "$scheme")" ;;
    dagger-cloud) lacks_cloud ;;
    *) echo "expected $RUNNERS" ;;
  esac
}

lacks_unix() {
  if [[ ! -S $1 ]]; then
    echo "no socket is there"
  elif has node && ! node "$ENGINE_DIR/probe.mjs" "$1"; then
    echo "no answer within 5 s"
  fi
}

lacks_tcp() {
  if [[ -z $host || -z $port ]]; then
    echo "expected tcp://HOST:PORT"
  else
    # shellcheck disable=SC2016
    lacks_answer bash -c 'exec 3<>"/dev/tcp/$1/$2" && cat >&3 && cat <&3' tcp "$host" "$port"
  fi
}

lacks_tls() {
  local ca certificate key name=(-verify_hostname "$host" -servername "$host")
  ca=$(parameter ca_path) certificate=$(parameter cert_path) key=$(parameter key_path)
  if [[ -z $host || (-n $certificate && -z $key) || (-z $certificate && -n $key) ]]; then
    echo "expected tls://HOST[:PORT], with ?ca_path=FILE where the system doesn't know its authority, cert_path=FILE&key_path=FILE where it asks for both"
    return
  fi
  [[ ! $host =~ ^[0-9.]+$|: ]] || name=(-verify_ip "$host" -noservername)
  [[ $host != *:* ]] || host="[$host]"
  lacks_answer openssl s_client -quiet -verify_return_error "${name[@]}" -connect "$host:${port:-443}" \
    ${ca:+-CAfile "$ca"} ${certificate:+-cert "$certificate" -key "$key"}
}

# The shell of the other machine reads the socket's path.
lacks_ssh() {
  if [[ -z $host || -n $query || $user == *:* || ! $path =~ ^[A-Za-z0-9/._@+=-]*$ ]]; then
    echo "expected ssh://[USER@]HOST[:PORT][/SOCKET], without a password, the socket's path of letters, digits and / . _ @ + = -"
  else
    lacks_answer ssh -o BatchMode=yes -o ConnectTimeout=5 ${user:+-l "$user"} ${port:+-p "$port"} -- "$host" \
      buildctl ${path:+--addr "unix://$path"} dial-stdio
  fi
}

lacks_pod() {
  local namespace container
  namespace=$(parameter namespace) container=$(parameter container)
  if [[ ! $host =~ ^[a-z0-9][-a-z0-9.]*$ || ! $namespace$container =~ ^[-a-z0-9.]*$ ]]; then
    echo "expected kube-pod://POD[?context=CONTEXT&namespace=NAMESPACE&container=CONTAINER]"
  else
    lacks_answer kubectl "--context=$(parameter context)" "--namespace=$namespace" \
      exec "--container=$container" -i "$host" -- buildctl dial-stdio
  fi
}

# tool_of SCHEME: the program that it names, or the first one that is installed.
tool_of() {
  local tool
  case $1 in
    docker-*) echo docker ;;
    *+apple) echo container ;;
    *+docker | *+podman | *+finch | *+nerdctl) echo "${1#*+}" ;;
    image | container)
      for tool in docker container podman finch nerdctl; do ! has "$tool" || break; done
      echo "$tool"
      ;;
  esac
}

lacks_container() {
  if [[ -z $1 || ! $host =~ ^[A-Za-z0-9][A-Za-z0-9_.-]*$ ]]; then
    echo "expected container://NAME, or container+TOOL://NAME with docker, podman, nerdctl, finch or apple"
  else
    lacks_answer "$1" exec -i "$host" buildctl dial-stdio
  fi
}

# The CLI starts such an engine by itself.
lacks_image() {
  if [[ -z $1 || -z $host ]]; then
    echo "expected image://IMAGE, or image+TOOL://IMAGE with docker, podman, nerdctl, finch or apple"
  elif ! has "$1"; then
    echo "it takes $1, which isn't on PATH"
  elif ! answers "$1"; then
    echo "$1 doesn't answer within 5 s"
  fi
}

# One is started for each call, so none can be asked before.
lacks_cloud() {
  local config
  [[ -z ${DAGGER_CLOUD_TOKEN:-} ]] || return 0
  for config in "${XDG_CONFIG_HOME:-$HOME/.config}" "$HOME/Library/Application Support"; do
    [[ ! -s $config/dagger/credentials.json ]] || return 0
  done
  echo "expected DAGGER_CLOUD_TOKEN, or a login by  dagger login ORGANIZATION"
}
