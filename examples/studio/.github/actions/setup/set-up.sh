#!/usr/bin/env bash
# Dagger for the steps that follow, on a runner of GitHub's: the CLI, whose archive has the SHA-256 that pins.json beside this names, and the
# engine that it starts, by the digest that is there, unless the runner has one.
set -euo pipefail
PINS=$(dirname "${BASH_SOURCE[0]}")/pins.json

fail() { # one line, which the job's page shows
  printf '::error::%s\n' "$*" >&2
  exit 1
}

# digest KEY WHERE: what is pinned there, or else where it is found.
digest() {
  local found
  found=$(jq --raw-output "$1" "$PINS")
  [[ $found =~ ^sha256:[0-9a-f]{64}$ ]] || fail "pins.json: $1: expected sha256: with 64 hexadecimal digits, got $found; $2 has it"
  echo "$found"
}

case ${RUNNER_OS:-}/${RUNNER_ARCH:-} in
  Linux/X64) platform=linux_amd64 ;;
  Linux/ARM64) platform=linux_arm64 ;;
  *) fail "runs-on: expected Linux on X64 or ARM64, which pins.json has Dagger's CLI for, got ${RUNNER_OS:-none} on ${RUNNER_ARCH:-none}" ;;
esac
version=$(jq --raw-output .version "$PINS")
release=https://github.com/dagger/dagger/releases/download/$version
image=registry.dagger.io/engine:$version
pinned=$(digest ".cli.$platform" "$release/checksums.txt")
engine=$(digest .engine "\`docker buildx imagetools inspect $image\`")

bin=$RUNNER_TEMP/dagger-$version archive=dagger_${version}_$platform.tar.gz
mkdir -p "$bin"
curl --fail --silent --show-error --location --proto =https --retry 3 --output "$bin/$archive" "$release/$archive" ||
  fail "$release/$archive did not come whole; run the job again"
found=$(sha256sum "$bin/$archive")
found=sha256:${found%% *}
if [[ $found != "$pinned" ]]; then
  rm "$bin/$archive"
  fail "$archive: expected $pinned, got $found; that isn't what was pinned: don't run it, and find out who published it"
fi
tar --extract --gzip --no-same-owner --file "$bin/$archive" --directory "$bin" dagger
rm "$bin/$archive"

echo "$bin" >>"$GITHUB_PATH"
# In place of the tag that the CLI asks for by itself (https://docs.dagger.io/reference/configuration/custom-runner). A runner of a farm's own
# names its engine.
[[ -n ${_EXPERIMENTAL_DAGGER_RUNNER_HOST:-} ]] || echo "_EXPERIMENTAL_DAGGER_RUNNER_HOST=image+docker://$image@$engine" >>"$GITHUB_ENV"
