# shellcheck shell=bash
# Compiles each program once, and again when its module's pins change.

build() {
  mkdir -p "$bin"
  made kubernetes "Kubernetes (usually 6 min)"
  made etcd "etcd (usually 1 min)"
  made containerd "containerd (usually 1 min)"
  made coredns "CoreDNS (usually 1 min)"
  made helm "helm (usually 1 min)"
  made pause "pause"
}

# made NAME TITLE: a module's programs are in $bin as its pins have them.
made() {
  local key
  key=$({ cat "$here/modules/$1"/* && declare -f compile "compile_$1"; } | sha256sum)
  [[ "$(cat "$home/$1.key" 2>/dev/null)" != "$key" ]] || return 0
  say "$2, from its Go modules"
  (cd "$here/modules/$1" && "compile_$1") >&2
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
compile_helm() { compile -o "$bin/" -ldflags '-s -w' tool; }

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
