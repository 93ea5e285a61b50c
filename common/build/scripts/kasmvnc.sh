#!/bin/sh
# The libraries that KasmVNC's X server links; run in KasmVNC's source tree, where they stay.
set -eu

# What the X server is to be built with to tell what it does to its memory
export CFLAGS="$CFLAGS ${SANITIZE:-}" CXXFLAGS="$CXXFLAGS ${SANITIZE:-}"

cmake . \
  -DBUILD_TIMESTAMP="$(date --utc --date="@$SOURCE_DATE_EPOCH" '+%Y-%m-%d %H:%M')" \
  -DBUILD_VIEWER=OFF \
  -DCMAKE_BUILD_TYPE=Release \
  -DENABLE_GNUTLS=OFF \
  -DENABLE_PAM=OFF
cmake --build . --parallel "$(nproc)" --target network os rdr rfb unixcommon Xregion
