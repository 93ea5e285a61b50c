# shellcheck shell=bash
# Dagger's Go SDK: a Go toolchain and the generator of bindings, for modules in Go that depend on this one.
# It is made when a call of a Go module, or HELIOS_GO_SDK=1, asks for it.

GO_TOOLCHAIN=1.26.8

go_key() {
  {
    echo "$BIN_KEY $GO_TOOLCHAIN"
    files_hash go oci-layout.mjs
    declare -f build_go_sdk
  } | hash_of
}

# is_of_go ARG...: whether dagger, called with these, makes or loads a module in Go: that of -m, else that of this folder.
is_of_go() {
  local previous='' arg dir=$PWD
  for arg; do
    case $previous in
      -m | --mod) dir=$arg ;;
      --sdk) [[ $arg != go ]] || return 0 ;;
    esac
    case $arg in
      --mod=* | -m=*) dir=${arg#*=} ;;
      --sdk=go) return 0 ;;
    esac
    previous=$arg
  done
  dir=$(cd "$dir" 2>/dev/null && pwd) || return
  until [[ -f $dir/dagger.json || -z $dir ]]; do dir=${dir%/*}; done
  [[ -f $dir/dagger.json ]] && grep -Eq '"(sdk|source)": *"go"' "$dir/dagger.json"
}

build_go_sdk() {
  local root=$TMP/go-root out=$TMP/go toolchain
  toolchain=$(GOTOOLCHAIN=go$GO_TOOLCHAIN go env GOROOT)
  debootstrap --variant=minbase --include=ca-certificates,git,openssh-client,openssl bookworm "$root" "$(archive debian)"
  mkdir -p "$root"/go/{bin,src,pkg/mod} "$root/root/.cache/go-build" "$root/usr/local/go" "$out"
  cp -r "$toolchain"/{VERSION,go.env,bin,lib,pkg,src} "$root/usr/local/go/"
  ln -s ../go/bin/go ../go/bin/gofmt "$root/usr/local/bin/"
  # The official image has these in its environment.
  mkdir -p "$root/root/.config/go"
  printf '%s\n' GOPATH=/go GOTOOLCHAIN=auto >"$root/root/.config/go/env"
  rm "$root/usr/sbin/update-ca-certificates"
  mkdir "$root/usr/local/lib/codegen"
  cp "$BIN/codegen" "$root/usr/local/lib/codegen/codegen"
  install -m 755 "$ENGINE_DIR/go/go.sh" "$root/usr/local/lib/codegen/go"
  install -m 755 "$ENGINE_DIR/go/codegen.sh" "$root/usr/local/bin/codegen"
  tar -C "$root" -cf "$TMP/go.tar" .
  node "$ENGINE_DIR/oci-layout.mjs" "$TMP/go.tar" "$TMP/go-oci" "$ARCH" >"$out/digest"
  mv "$TMP/go-oci/blobs" "$out/"
  echo "$1" >"$out/.key"
  swap "$out" "$GO_SDK"
}
