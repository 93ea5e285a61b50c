#!/bin/sh
# The web page, its sound and the packages that they need into /out; run in the patched source tree, where our package.json
# is in place of its own and npm ci has run. kclient-native.sh adds what depends on the version of Node.
set -eu

out=/out/opt/helios/kclient
mkdir -p "$out/public/css" "$out/public/js"
cp index.js package.json package-lock.json "$out/"
(cd public && cp favicon.ico icon.png index.html manifest.json "$out/public/")
cp public/css/kclient.css public/css/mic.svg public/css/speaker.svg "$out/public/css/"
cp public/js/kclient.js "$out/public/js/"
tar --create --exclude=node_modules/pulseaudio2/build node_modules | tar --extract --directory="$out"

cd "$out"
npm prune --omit=dev --ignore-scripts --offline --no-audit --no-fund
cd node_modules
rm -rf ../package-lock.json .bin @types nan pulseaudio2/src pulseaudio2/test undici-types
find . -type f \( -name '*.d.ts' -o -name '*.map' -o -name '*.md' \) -delete
find . -type d -empty -delete
