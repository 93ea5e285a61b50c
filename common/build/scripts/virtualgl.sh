#!/bin/sh
# VirtualGL into /out/opt/VirtualGL; run in its source tree.
set -eu

# Where the loader looks without being told: what vglrun preloads lies there.
multiarch=$(gcc -print-multiarch)
libraries=/usr/lib64
[ -z "$multiarch" ] || libraries=/usr/lib/$multiarch

cmake -S . -B build \
  -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_INSTALL_LIBDIR="$libraries" \
  -DCMAKE_INSTALL_PREFIX=/opt/VirtualGL \
  -DTJPEG_INCLUDE_DIR=/usr/local/include \
  -DTJPEG_LIBRARY=/usr/local/lib/libturbojpeg.a \
  -DVGL_FAKEOPENCL=OFF
cmake --build build --parallel "$(nproc)"
DESTDIR=/out cmake --install build --strip
rm -rf /out/opt/VirtualGL/doc /out/opt/VirtualGL/include
