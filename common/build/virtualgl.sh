#!/bin/sh
# VirtualGL into /out/opt/VirtualGL; run in its source tree.
set -eu

cmake -S . -B build \
  -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_INSTALL_PREFIX=/opt/VirtualGL \
  -DTJPEG_INCLUDE_DIR=/usr/local/include \
  -DTJPEG_LIBRARY=/usr/local/lib/libturbojpeg.a \
  -DVGL_FAKEOPENCL=OFF
cmake --build build --parallel "$(nproc)"
DESTDIR=/out cmake --install build --strip
rm -rf /out/opt/VirtualGL/doc /out/opt/VirtualGL/include
mkdir -p /out/usr/local/bin
for program in vglrun vglconnect vglclient; do
  [ -e "/out/opt/VirtualGL/bin/$program" ] && ln -s "/opt/VirtualGL/bin/$program" "/out/usr/local/bin/$program"
done
