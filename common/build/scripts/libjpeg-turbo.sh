#!/bin/sh
# Static libraries with SIMD, installed below /usr/local for KasmVNC and VirtualGL to link; run in the source tree.
set -eu

cmake -S . -B build \
  -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_INSTALL_PREFIX=/usr/local \
  -DCMAKE_INSTALL_LIBDIR=lib \
  -DCMAKE_POSITION_INDEPENDENT_CODE=ON \
  -DENABLE_SHARED=OFF \
  -DREQUIRE_SIMD=ON \
  -DWITH_TOOLS=OFF
cmake --build build --parallel "$(nproc)"
cmake --install build
