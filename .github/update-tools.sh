#!/usr/bin/env bash
# update-tools.sh: common/tools.json and sources.lock.json with the newest release of each image that is a tool, once it has been out for a
# week, as dependabot waits; in the lock without a digest, which `dagger call sources update --images` asks for.
set -euo pipefail
TOOLS=common/tools.json LOCK=sources.lock.json
until=$(date --utc --date='7 days ago' +%FT%TZ)

# repository IMAGE: its sources' on GitHub, which the first two names of its path are.
repository() {
  local path=${1%:*} owner name _
  [[ ${path%%/*} != *.* ]] || path=${path#*/}
  IFS=/ read -r owner name _ <<<"$path"
  echo "$owner/$name"
}

# newest PINNED: among releases as GitHub lists them.
newest() {
  jq --raw-output --arg pinned "$1" --arg until "$until" '
    def version: ltrimstr("v") | split(".") | map(tonumber);
    [.[] | select((.draft or .prerelease) == false and .published_at <= $until) | .tag_name]
    | map(select(test("\\Av[0-9]+([.][0-9]+){2}\\z"))) + [$pinned]
    | max_by(version)'
}

images=$(jq --raw-output '.images[]' "$TOOLS")
for image in $images; do
  releases=$(gh api "repos/$(repository "$image")/releases?per_page=100")
  tag=$(newest "${image##*:}" <<<"$releases")
  [[ $tag != "${image##*:}" ]] || continue
  text=$(<"$TOOLS")
  printf '%s\n' "${text/"\"$image\""/"\"${image%:*}:$tag\""}" >"$TOOLS" # as it is laid out
  locked=$(jq --arg image "$image" --arg newer "${image%:*}:$tag" 'map(if .image == $image then {image: $newer, digest: null} else . end)' "$LOCK")
  printf '%s\n' "$locked" >"$LOCK"
done
