# shellcheck shell=bash disable=SC2153
# Stand-ins for the Debian base images, made once and published to the engine's registry.

ARM64_PACKAGES=(qemu-user-static binfmt-support arch-test)

# needed_bases ARG...: lines of "SUITE ARCH" for what a call of dagger with these arguments takes.
needed_bases() { node "$ENGINE_DIR/bases.mjs" "$FARM" "$ARCH" "$@"; }

base_key() { { declare -f make_base slim released plain sources_of debian_sources && files_hash oci-layout.mjs; } | hash_of; }

missing_bases() {
  local suite arch key
  key=$(base_key)
  while read -r suite arch; do
    [[ -z $suite ]] || fresh_base "$BASES/$suite.$arch" "$key" || echo "$suite $arch"
  done
}

fresh_base() { [[ -f $1 && $(cut -d' ' -f2 "$1") == "$2" ]]; }

make_bases() {
  local suite arch usual
  while read -r suite arch; do
    check_disk 1 "the base image debian:$suite"
    usual="20 s"
    [[ $arch == "$ARCH" ]] || usual="4 min, emulated"
    step "base image debian:$suite for $arch, from Debian" "$usual" make_base "$suite" "$arch" "$(base_key)"
  done
}

enable_arm64() {
  local binfmt=/proc/sys/fs/binfmt_misc
  [[ -e $binfmt/qemu-aarch64 ]] && return
  need_packages "${ARM64_PACKAGES[@]}"
  [[ -e $binfmt/register ]] || mount -t binfmt_misc binfmt_misc $binfmt ||
    fail "cannot mount binfmt_misc, so arm64 can't be emulated: use a kernel that has it, or an arm64 machine"
  update-binfmts --enable qemu-aarch64 || true
  [[ -e $binfmt/qemu-aarch64 ]] || fail "qemu's arm64 emulation could not be enabled: see  update-binfmts --display qemu-aarch64"
}

# in_release URI SUITE: apt's own helper asks, as it knows the machine's proxies.
in_release() {
  /usr/lib/apt/apt-helper -o Acquire::http::Timeout=20 -o Acquire::Retries=1 \
    download-file "$1/dists/$2/InRelease" "$TMP/InRelease"
}

has_suite() { in_release "$@" >/dev/null 2>&1; }

# A base has no certificates to know an https archive by, but the keys of what is in it: plain http will do where the archive answers it. Where
# it doesn't, one that is known by a certificate of /usr/local/share/ca-certificates works, since the engine hands those on.
plain() {
  local http=http://${1#https://}
  if [[ $1 == https://* ]] && has_suite "$http" "$2"; then echo "$http"; else echo "$1"; fi
}

# sources_of SUITE: lines of "URI SUITE" of the archive and of its updates where the suite has any.
sources_of() {
  local main security
  main=$(plain "$(archive debian)" "$1") security=$(plain "$(archive debian-security)" "$1-security")
  echo "$main $1"
  case $1 in sid | unstable | experimental) return ;; esac
  ! has_suite "$main" "$1-updates" || echo "$main $1-updates"
  ! has_suite "$security" "$1-security" || echo "$security $1-security"
}

# The file of the real image, from the same lines.
debian_sources() {
  awk '!($1 in suites) { order[++n] = $1 } { suites[$1] = suites[$1] " " $2 }
    END { for (i = 1; i <= n; i++)
      printf "%sTypes: deb\nURIs: %s\nSuites:%s\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n",
        (i > 1 ? "\n" : ""), order[i], suites[order[i]] }'
}

# released URI SUITE: when that was released, in seconds.
released() {
  in_release "$1" "$2" >&2
  date --date "$(sed -n 's/^Date: //p' "$TMP/InRelease")" +%s
}

# slim ROOT EPOCH: makes a Debian root file system a slim base, by the scripts that the official ones are made with, and takes out what
# mmdebstrap and this machine left in it.
slim() {
  local root=$1
  echo "$2" >"$root/debuerreotype-epoch"
  chroot "$root" apt-mark auto '.*' >/dev/null
  debuerreotype-minimizing-config "$root"
  debuerreotype-slimify "$root"
  rm -f "$root"/etc/{hostname,resolv.conf,apt/sources.list,apt/apt.conf.d/99mmdebstrap} "$root/var/lib/dpkg/arch"
}

make_base() {
  local suite=$1 arch=$2 key=$3 sources deb digest work epoch hooks=()
  work=$TMP/base-$suite-$arch
  mkdir -p "$work" "$BASES"
  sources=$(sources_of "$suite")
  mapfile -t deb < <(awk '{ print "deb " $1 " " $2 " main" }' <<<"$sources")
  epoch=$(released "${sources%% *}" "$suite")
  # There mmdebstrap would take usrmerge and all of Perl, where debootstrap takes usr-is-merged.
  [[ $suite != bookworm ]] || hooks=(--hook-dir=/usr/share/mmdebstrap/hooks/maybe-merged-usr)
  SOURCE_DATE_EPOCH=$epoch debootstrap --variant=minbase --format=directory --architectures="$arch" \
    "${hooks[@]}" --aptopt='Acquire::Check-Valid-Until "false"' \
    "$suite" "$work/root" "${deb[@]}"
  slim "$work/root" "$epoch"
  debian_sources <<<"$sources" >"$work/root/etc/apt/sources.list.d/debian.sources"
  debuerreotype-tar --exclude ./etc/machine-id "$work/root" "$work/root.tar"
  node "$ENGINE_DIR/oci-layout.mjs" "$work/root.tar" "$work/oci" "$arch"
  skopeo copy --quiet --dest-tls-verify=false --digestfile "$work/digest" \
    "oci:$work/oci" "docker://$REGISTRY/library/debian:$suite-$arch"
  digest=$(<"$work/digest")
  # Architectures made before keep their manifests, so what was built on them stays cached.
  mapfile -t others < <(cat "$BASES/$suite".* 2>/dev/null | cut -d' ' -f1,3 | awk -v a="$arch" '$2 != a { print $1 }')
  node "$ENGINE_DIR/tag.mjs" "$REGISTRY/library/debian" "$suite,$suite-slim" "${others[@]}" "$digest"
  echo "$digest $key $arch" >"$BASES/$suite.$arch"
  rm -rf "$work"
}
