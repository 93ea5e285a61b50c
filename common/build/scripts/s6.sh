#!/bin/sh
# skarnet's tools, static with musl, and s6-overlay's scripts around them, into /out; sources lie in /src by name.
set -eu

cpu=$(uname -m)
for headers in linux asm-generic; do ln -sfn "/usr/include/$headers" "/usr/include/$cpu-linux-musl/$headers"; done
ln -sfn "/usr/include/$cpu-linux-gnu/asm" "/usr/include/$cpu-linux-musl/asm"

build() {
  cd "/src/$1"
  shift
  CC=musl-gcc ./configure --enable-slashpackage --enable-static-libc --disable-shared "$@"
  make --jobs="$(nproc)"
  make strip
  make -L install update global-links
}

build skalibs \
  --with-default-path=/command:/usr/bin:/bin \
  --with-sysdep-devurandom=yes \
  --with-sysdep-grndinsecure=no \
  --with-sysdep-posixspawnearlyreturn=no \
  --with-sysdep-procselfexe=/proc/self/exe
build execline --disable-pedantic-posix --enable-multicall
build s6
build s6-rc
build s6-linux-init
build s6-portable-utils --enable-multicall
build s6-linux-utils --enable-multicall
build s6-overlay-helpers

version=$(sed -n 's/^VERSION := //p' /src/s6-overlay/conf/defaults.mk)
mkdir -p /out
cp -a /src/s6-overlay/layout/rootfs-overlay/. /out/
find /out -name .empty -delete
mv /out/package/admin/s6-overlay-@VERSION@ "/out/package/admin/s6-overlay-$version"
ln -s "s6-overlay-$version" /out/package/admin/s6-overlay
find /out -type f -exec sed -i "s|@SHEBANGDIR@|/command|g; s|@VERSION@|$version|g" {} +
cp -a /package /command /out/
rm -rf /out/package/*/*/include /out/package/*/*/library
# Of s6-overlay's, one that lets whoever starts as another account become root; the image's init is root's.
find /out -type f -perm /6000 -exec chmod ug-s {} +
# A start that isn't through has the lock that stopping needs, or nothing to stop yet.
stop=/out/package/admin/s6-overlay/etc/s6-linux-init/skel/rc.shutdown
sed -i 's|^  exec s6-rc |  /usr/local/lib/helios/bin/end-start\n  test -e /run/s6-rc \|\| exit 0\n&|' "$stop"
grep -q '^  /usr/local/lib/helios/bin/end-start$' "$stop"
