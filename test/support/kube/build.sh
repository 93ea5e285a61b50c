# shellcheck shell=bash
# Compiles each program once, and again when its module's pins change.

# What a cluster is made of. Beside it there are helm-docs, kubeconform, the kinds of gateway-api, podman's quadlet, and kwok.
declare -A usual=([kubernetes]="6 min" [etcd]="1 min" [containerd]="1 min" [coredns]="1 min" [helm]="1 min" [pause]="1 s" [kwok]="2 min")

# build [NAME...]: these, or all of a cluster.
build() {
  local name
  mkdir -p "$bin"
  (($# > 0)) || set -- kubernetes etcd containerd coredns helm pause
  for name; do
    if [[ ! -e $here/modules/$name/go.mod ]]; then
      say "$name: expected some of $(cd "$here/modules" && echo *)"
      exit 64
    fi
    made "$name"
  done
}

# made NAME: a module's programs are in $bin as its pins have them.
made() {
  local key compile
  compile=$(declare -F "compile_$1" || echo compile_tool)
  key=$({ cat "$here/modules/$1"/* && declare -f compile "$compile"; } | sha256sum)
  [[ "$(cat "$home/$1.key" 2>/dev/null)" != "$key" ]] || return 0
  say "$1, from its Go modules (usually ${usual[$1]:-10 s})"
  (cd "$here/modules/$1" && "$compile") >&2
  echo "$key" >"$home/$1.key"
}

compile() { GOFLAGS=-mod=readonly CGO_ENABLED=0 go build -trimpath "$@"; }

compile_kubernetes() {
  local version component=k8s.io/component-base/version
  version=$(go list -m -f '{{.Version}}' k8s.io/kubernetes)
  local minor=${version#v1.}
  compile -o "$bin/" -ldflags "-s -w -X $component.gitVersion=$version -X $component.gitMajor=1 -X $component.gitMinor=${minor%%.*}" tool
}

compile_etcd() { compile -o "$bin/etcd" -ldflags '-s -w' go.etcd.io/etcd/server/v3; }
compile_containerd() { compile -o "$bin/" -ldflags '-s -w' -tags no_btrfs,no_devmapper,no_zfs tool; }
compile_coredns() { compile -o "$bin/coredns" -ldflags '-s -w' .; }
compile_tool() { compile -o "$bin/" -ldflags '-s -w' tool; }

# With what happens to its nodes and pods, and when.
compile_kwok() {
  local folder file
  compile_tool
  folder=$(go list -m -f '{{.Dir}}' sigs.k8s.io/kwok)/kustomize/stage
  for file in "$folder"/node/{fast/node-initialize,heartbeat-with-lease/node-heartbeat-with-lease}.yaml "$folder"/pod/fast/pod-*.yaml; do
    echo ---
    cat "$file"
  done >"$home/kwok.yaml"
}

compile_gateway-api() {
  local folder
  go mod download sigs.k8s.io/gateway-api
  folder=$(go list -m -f '{{.Dir}}' sigs.k8s.io/gateway-api)
  install -m 0644 "$folder/config/crd/standard/gateway.networking.k8s.io_httproutes.yaml" "$home/httproutes.yaml"
}

# The image of the one program of a pod's sandbox.
compile_pause() {
  local folder
  folder=$(mktemp --directory)
  compile -o "$folder/pause" -ldflags '-s -w' .
  tar -C "$folder" --owner=0 --group=0 --mtime=@0 -cf "$folder/root.tar" pause
  podman import --quiet --change 'ENTRYPOINT ["/pause"]' "$folder/root.tar" localhost/pause:1
  rm -f "$home/pause.tar"
  podman save --quiet --output "$home/pause.tar" localhost/pause:1
  podman rmi --force localhost/pause:1
  rm -r "$folder"
}
