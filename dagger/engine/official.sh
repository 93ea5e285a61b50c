# shellcheck shell=bash disable=SC2153
# Dagger's own TypeScript SDK, made of its sources as its own build makes it. What differs is listed in README.md.

BUN=1.3.0 TSX=4.15.6 NPM=11.8.0 YARN=1.22.22 OFFICIAL_TYPESCRIPT=6.0.3

# npm has no package of Node.js 24.13.1 for arm64.
official_node() {
  case $NODE_ARCH in
    x64) echo 24.13.1 ;;
    *) echo 24.20.0 ;;
  esac
}

bun_package() {
  case $NODE_ARCH in
    x64) echo bun-linux-x64-baseline ;;
    *) echo bun-linux-aarch64 ;;
  esac
}

official_key() {
  {
    echo "$BIN_KEY $(official_node) $BUN $TSX $NPM $YARN $OFFICIAL_TYPESCRIPT"
    files_hash official oci-layout.mjs
    declare -f build_official_npm build_official_sdk bun_package say_stand_ins
  } | hash_of
}

build_official_npm() {
  local out=$TMP/npm src=$TMP/npm/src module
  export npm_config_fetch_timeout=60000 npm_config_fetch_retries=1 npm_config_audit=false npm_config_fund=false
  export BUN_CONFIG_REGISTRY
  BUN_CONFIG_REGISTRY=$(npm config get registry)
  mkdir -p "$out/tsx" "$src"
  cd "$out" || return
  npm pack "node-linux-$NODE_ARCH@$(official_node)" "npm@$NPM" "yarn@$YARN" "@oven/$(bun_package)@$BUN"
  tar -xzf oven-*.tgz -C "$out" --strip 2 package/bin/bun
  npm install --global --prefix "$out/tsx" "tsx@$TSX"
  # Dagger's module has the SDK's sources beside the engine's.
  module=$(GOFLAGS=-mod=mod GOTOOLCHAIN=auto go mod download -json "github.com/dagger/dagger@v$VERSION") || {
    echo "$module"
    return 1
  }
  module=$(awk -F'"' '$2 == "Dir" { print $4 }' <<<"$module")
  cp -r "$module"/sdk/typescript/{src,package.json,tsconfig.json,rollup.dts.config.mjs} "$src/"
  chmod -R u+w "$src"
  find "$src/src" -name '*.spec.ts' -delete
  find "$src/src" -depth -type d -name test -exec rm -r {} +
  cd "$src" || return
  sed -i "s/\"typescript\": \"[^\"]*\"/\"typescript\": \"$OFFICIAL_TYPESCRIPT\"/" package.json
  "$out/bun" install
}

# At /src, as the introspector looks for TypeScript's own declarations where it was made.
build_official_sdk() {
  local root=$TMP/sdk-root image=$TMP/sdk-root/image out=$TMP/sdk npm=$TMP/npm modules
  mkdir -p "$root" "$out"
  debootstrap --variant=minbase --include=ca-certificates bookworm "$image" "$(archive debian)"
  modules=$image/usr/local/lib/node_modules
  mkdir -p "$modules"/{npm,yarn} "$root"/{bin,typescript-library,library,steps,runtime}
  tar -xzf "$npm"/node-linux-*.tgz -C "$image/usr/local/bin" --strip 2 package/bin/node
  tar -xzf "$npm"/npm-*.tgz -C "$modules/npm" --strip 1
  tar -xzf "$npm"/yarn-*.tgz -C "$modules/yarn" --strip 1
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$image/usr/local/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$image/usr/local/bin/npx"
  ln -s ../lib/node_modules/yarn/bin/yarn.js "$image/usr/local/bin/yarn"
  say_stand_ins "$image"
  # Where Node.js looks with --use-openssl-ca, as in Alpine. The engine adds the machine's own certificates to the bundle.
  ln -s certs/ca-certificates.crt "$image/etc/ssl/cert.pem"
  rm "$image/usr/sbin/update-ca-certificates"
  mv "$npm/src" "$image/src"
  cp "$npm/bun" "$image/bun"
  unshare --mount --propagation private bash "$ENGINE_DIR/official/compile" "$image"
  mv "$image/out/ts-introspector" "$root/bin/"
  mv "$image/out/lib" "$root/bundled_lib"
  cp -a "$image/src/node_modules/typescript/." "$root/typescript-library/"
  rm -r "$image/src" "$image/out" "$image/bun"
  cp -a "$npm/tsx/lib/node_modules/tsx" "$root/tsx_module"
  cp "$BIN/codegen" "$root/codegen"
  cp "$ENGINE_DIR"/official/library/* "$root/library/"
  cp "$ENGINE_DIR"/official/steps/* "$root/steps/"
  cp "$ENGINE_DIR"/official/runtime/* "$root/runtime/"
  tar -C "$root" -cf "$TMP/sdk.tar" .
  node "$ENGINE_DIR/oci-layout.mjs" "$TMP/sdk.tar" "$TMP/sdk-oci" "$ARCH" >"$out/digest"
  mv "$TMP/sdk-oci/blobs" "$out/"
  echo "$1" >"$out/.key"
  swap "$out" "$SDK"
}
