# shellcheck shell=bash disable=SC2153
# Builds the binaries, the engine's root file system and the quick TypeScript SDK's image.
# Each lies in a folder with a .key, a hash of what it is made of: a change rebuilds only what it touches.

PACKAGES=(mmdebstrap skopeo docker-registry debuerreotype)
ROOT_PACKAGES=ca-certificates,runc,tini,containernetworking-plugins,dnsmasq-base,iptables,git,openssh-client,ripgrep,pigz,sqlite3,xz-utils,iproute2,procps,mount

files_hash() { (cd "$ENGINE_DIR" && find "$@" -type f -print0 | sort -z | xargs -0 sha256sum); }

compute_keys() {
  BIN_KEY=$({ echo "$VERSION $ARCH" && files_hash stubs && declare -f build_binaries; } | hash_of)
  ROOT_KEY=$({ echo "$ARCH $ROOT_PACKAGES" && declare -f build_root; } | hash_of)
  compute_sdk_keys
}

fresh() { [[ -f $1/.key && $(<"$1/.key") == "$2" ]]; }
required_tools() {
  echo node unshare setsid flock namei apt-get dpkg-query
  built || echo go npm git tar
}

built() { fresh "$BIN" "$BIN_KEY" && fresh "$ROOT" "$ROOT_KEY" && sdks_built; }

check_room() {
  if built; then
    check_disk 2 "running the engine"
  elif [[ -d $BIN ]]; then
    check_disk 4 "the engine's update"
  else
    check_disk 8 "the engine's first build"
  fi
}

build() {
  local start=$SECONDS
  built && return
  need_packages "${PACKAGES[@]}"
  stop_before_replacing
  if fresh "$BIN" "$BIN_KEY"; then
    say "building what the embedded engine lacks"
  else
    say "building the embedded engine: Dagger v$VERSION (usually 5 min in all on 2 cores)"
  fi
  fresh "$BIN" "$BIN_KEY" || step "CLI and engine, compiled from Go modules" "4 min" build_binaries "$BIN_KEY"
  fresh "$ROOT" "$ROOT_KEY" || step "the engine's root file system, from Debian" "25 s" build_root "$ROOT_KEY"
  build_sdks
  clean_temporary
  say "the embedded engine is built, in $(duration $((SECONDS - start)))"
}

build_binaries() {
  local src=$TMP/src out=$TMP/bin pkg=github.com/dagger/dagger module ldflags
  export GOTOOLCHAIN=auto CGO_ENABLED=0 GOFLAGS="-mod=mod -trimpath"
  mkdir -p "$src" "$out"
  module=$(cd "$src" && go mod download -json "$pkg@v$VERSION") || {
    echo "$module"
    return 1
  }
  cp -r "$(awk -F'"' '$2 == "Dir" { print $4 }' <<<"$module")/." "$src"
  chmod -R u+w "$src"
  # Dang 2 modules and the full-screen UI need modules the proxy may lack; neither is used here.
  rm "$src"/core/sdk/dang/v2/*.go
  cp "$ENGINE_DIR/stubs/dang/sdk.go" "$src/core/sdk/dang/v2/"
  cd "$src" || return
  go mod edit -droprequire github.com/vito/dang/v2 \
    -replace "dagger.io/dagger=dagger.io/dagger@v$VERSION" \
    -replace "$pkg/engine/distconsts=$ENGINE_DIR/stubs/distconsts" \
    -replace "github.com/vito/tuist=$ENGINE_DIR/stubs/tuist" \
    -replace "github.com/vito/tuist/teav1=$ENGINE_DIR/stubs/tuist/teav1" \
    -replace github.com/vito/midterm=github.com/vito/midterm@v0.2.5
  ldflags="-s -w -X $pkg/engine.Version=v$VERSION -X $pkg/engine.Tag=v$VERSION"
  go build -tags dfexcludepatterns,dfparents -ldflags "$ldflags" \
    -o "$out/" ./cmd/{engine,dagger,dialstdio,dnsname,init,codegen}
  echo "$1" >"$out/.key"
  swap "$out" "$BIN"
}

# mmdebstrap mounts into what it builds; in a mount namespace of its own nothing of that outlives it.
debootstrap() { unshare --mount --propagation private mmdebstrap "$@"; }

# The engine's own root file system, so that nothing of it touches the machine's.
build_root() {
  local root=$TMP/root
  debootstrap --variant=apt --include="$ROOT_PACKAGES" trixie "$root" "$(archive debian)"
  mkdir -p "$root"/{opt/cni/bin,opt/dagger,etc/dagger,var/lib/dagger,run/dagger,usr/local/share/dagger/content,.old}
  cp "$root"/usr/lib/cni/{bridge,loopback,firewall,host-local} "$root/opt/cni/bin/"
  # The binaries and the SDK are mounted, so that this outlives their updates.
  ln -s /opt/dagger/dnsname "$root/opt/cni/bin/dnsname"
  ln -s /opt/dagger/engine "$root/usr/local/bin/dagger-engine"
  ln -s /opt/dagger/init "$root/usr/local/bin/dagger-init"
  ln -s /opt/dagger/dialstdio "$root/usr/local/bin/dial-stdio"
  ln -s /usr/sbin/runc "$root/usr/local/bin/runc"
  ln -s /usr/bin/tini "$root/usr/local/bin/tini"
  ln -s /usr/sbin/xtables-{legacy,nft}-multi "$root/usr/bin/"
  # On the bridge alone: another name server of the machine, or another engine, has port 53 too.
  printf '#!/bin/sh\nexec /usr/sbin/dnsmasq --bind-dynamic "$@"\n' >"$root/usr/local/sbin/dnsmasq"
  chmod 755 "$root/usr/local/sbin/dnsmasq"
  echo "$1" >"$root/.key"
  swap "$root" "$ROOT"
}

build_npm() {
  local out=$TMP/npm
  export npm_config_fetch_timeout=60000 npm_config_fetch_retries=1 npm_config_audit=false npm_config_fund=false
  mkdir -p "$out/modules"
  cd "$out" || return
  npm pack "node-linux-$NODE_ARCH@$NODE" npm@11
  npm install --prefix "$out/modules" "@dagger.io/dagger@$VERSION" "esbuild@$ESBUILD" "typescript@$TYPESCRIPT"
}

# say_stand_ins ROOT: tells modules whose images on Docker Hub this engine has stand-ins for, with digests of their own.
say_stand_ins() {
  mkdir -p "$1/etc/helios"
  echo debian >"$1/etc/helios/stand-ins"
}

# The TypeScript SDK: one image that is both the SDK's module and its runtime.
build_sdk() {
  local root=$TMP/sdk-root out=$TMP/sdk npm=$TMP/npm lib
  debootstrap --variant=minbase --include=ca-certificates bookworm "$root" "$(archive debian)"
  tar -xzf "$npm"/node-linux-*.tgz -C "$root/usr/local/bin" --strip 2 package/bin/node
  lib=$root/usr/local/lib/node_modules/npm
  mkdir -p "$lib" "$root/opt/dagger-ts/sdk" "$root/runtime" "$out"
  tar -xzf "$npm"/npm-11*.tgz -C "$lib" --strip 1
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/local/bin/npx"
  cp -a "$npm/modules/." "$root/opt/dagger-ts/"
  # What no call reads, and every new engine would take in before its first call.
  find "$root/opt/dagger-ts/node_modules" "$lib" -name '*.map' -delete
  find "$root/opt/dagger-ts/node_modules" -path '*/@opentelemetry/*/build/es*' -prune -exec rm -rf {} +
  rm -rf "$root"/usr/share/{locale,man}
  cp "$BIN/codegen" "$root/codegen"
  cp "$ENGINE_DIR"/sdk/{core.js,core.d.ts,index.ts,telemetry.ts,package.json} "$root/opt/dagger-ts/sdk/"
  cp "$ENGINE_DIR"/sdk/{entrypoint,hooks}.mjs "$root/opt/dagger-ts/"
  cp "$ENGINE_DIR"/sdk/{main.dang,dagger.json} "$root/runtime/"
  say_stand_ins "$root"
  # The engine adds the machine's own certificates at every start of a container: to the bundle itself where this program is
  # missing, which takes no time.
  rm "$root/usr/sbin/update-ca-certificates"
  NODE_COMPILE_CACHE=/opt/dagger-ts/compiled chroot "$root" node --input-type=module --eval 'await import("/opt/dagger-ts/sdk/core.js")'
  tar -C "$root" -cf "$TMP/sdk.tar" .
  node "$ENGINE_DIR/oci-layout.mjs" "$TMP/sdk.tar" "$TMP/sdk-oci" "$ARCH" >"$out/digest"
  mv "$TMP/sdk-oci/blobs" "$out/"
  echo "$1" >"$out/.key"
  swap "$out" "$SDK"
}
