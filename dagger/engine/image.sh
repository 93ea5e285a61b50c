# shellcheck shell=bash disable=SC2153
# The embedded engine as an image under the name of Dagger's own, which the dagger CLI starts by itself.

IMAGE=registry.dagger.io/engine:v$VERSION

# image FILE: writes an archive for  docker load  and  podman load.
image() {
  [[ -n ${1:-} && $1 != -* ]] || fail "engine image needs the name of the file to write, such as engine.tar"
  lock_built
  step "the engine's image, $IMAGE" "15 s" make_image "$(realpath "$1")"
  clean_temporary
  unlock
}

make_image() {
  local work=$TMP/image root rest
  mkdir -p "$work/usr/local/bin"
  cp "$ENGINE_DIR/entrypoint" "$work/usr/local/bin/dagger-entrypoint"
  # The CLI reaches an engine in a container by the one, and Kubernetes asks by the other whether it is well.
  ln -s /opt/dagger/dialstdio "$work/usr/local/bin/buildctl"
  ln -s /opt/dagger/dagger "$work/usr/local/bin/dagger"
  tar --create --file="$work/root.tar" --exclude=./.key --directory="$ROOT" .
  # What `enter` mounts, in its place; the SDK's own generator is for the machine.
  tar --create --file="$work/rest.tar" --exclude=bin/codegen --exclude=.key \
    --transform='flags=r;s,^bin,opt/dagger,' --transform='flags=r;s,^sdk,usr/local/share/dagger/content,' \
    --directory="$HOME_DIR" bin sdk --directory="$work" usr
  root=$(sha256sum "$work/root.tar" | cut -d' ' -f1) rest=$(sha256sum "$work/rest.tar" | cut -d' ' -f1)
  cat >"$work/config.json" <<JSON
{"architecture": "$ARCH", "os": "linux", "rootfs": {"type": "layers", "diff_ids": ["sha256:$root", "sha256:$rest"]}, "config": {
  "Entrypoint": ["dagger-entrypoint"], "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  "_EXPERIMENTAL_DAGGER_RUNNER_HOST=unix:///run/dagger/engine.sock", "DAGGER_NO_NAG=1", "DAGGER_NO_UPDATE_CHECK=1", "DO_NOT_TRACK=1",
  "DAGGER_TYPESCRIPT_SDK_MANIFEST_DIGEST=$(<"$SDK/digest")"]}}
JSON
  echo '[{"Config": "config.json", "RepoTags": ["'"$IMAGE"'"], "Layers": ["root.tar", "rest.tar"]}]' >"$work/manifest.json"
  tar --create --file="$1" --directory="$work" manifest.json config.json root.tar rest.tar
}
