#!/bin/sh
# kclient's PulseAudio client, for the distro's Node, into /out; run where npm ci has run with our package.json.
set -eu

node node_modules/node-gyp/bin/node-gyp.js rebuild --directory=node_modules/pulseaudio2 --nodedir=/usr
install -D --strip --mode=0644 node_modules/pulseaudio2/build/Release/pulse.node \
  /out/opt/helios/kclient/node_modules/pulseaudio2/build/Release/pulse.node
