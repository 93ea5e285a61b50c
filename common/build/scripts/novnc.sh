#!/bin/sh
# The VNC server's web client into dist; run in its source tree, with node_modules and our package.json in place of its own.
set -eu

node node_modules/vite/bin/vite.js build
mkdir -p dist/app dist/core/decoders/qoi
cp -a app/locale dist/app/
cp core/decoders/qoi/qoi_viewer_bg.wasm dist/core/decoders/qoi/
cp dist/index.html dist/vnc.html
cp package.json LICENSE.txt dist/
