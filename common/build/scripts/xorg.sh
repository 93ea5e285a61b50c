#!/bin/sh
# KasmVNC's X server into /out; run in the X server's tree below KasmVNC's, XORG_CFLAGS is what this version asks of the compiler.
set -eu

autoreconf --force --install
CFLAGS="$CFLAGS ${XORG_CFLAGS:-} ${SANITIZE:-}" CXXFLAGS="$CXXFLAGS ${SANITIZE:-}" ./configure \
  --disable-config-hal \
  --disable-config-udev \
  --disable-dmx \
  --disable-docs \
  --disable-dri \
  --disable-dri2 \
  --disable-kdrive \
  --disable-static \
  --disable-xephyr \
  --disable-xinerama \
  --disable-xnest \
  --disable-xorg \
  --disable-xvfb \
  --disable-xwayland \
  --disable-xwin \
  --enable-glx \
  --prefix=/usr/local \
  --with-default-font-path=built-ins \
  --with-sha1=libcrypto \
  --with-xkb-bin-directory=/usr/bin \
  --with-xkb-output=/tmp \
  --with-xkb-path=/usr/share/X11/xkb \
  --without-dtrace
find . -name Makefile -exec sed -i 's/-Werror=array-bounds//g' {} +
make --jobs="$(nproc)" V=0
install -D hw/vnc/Xvnc /out/usr/local/bin/Xvnc
# A sanitizer's reports name functions.
[ "${SANITIZE:-}" ] || strip /out/usr/local/bin/Xvnc
