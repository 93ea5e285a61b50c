# shellcheck shell=bash disable=SC2153
# Stand-ins for the Debian base images, made once and put into what the engine's registry serves.

ARM64_PACKAGES=(qemu-user-static binfmt-support arch-test)

# needed_bases ARG...: lines of "SUITE ARCH" for what a call of dagger with these arguments takes.
needed_bases() { node "$ENGINE_DIR/bases.mjs" "$FARM" "$ARCH" "$@"; }

base_key() { { declare -f make_base slim released plain sources_of validity_of debian_sources && files_hash oci-layout.mjs; } | hash_of; }

missing_bases() {
  local suite arch key
  key=$(base_key)
  while read -r suite arch; do
    [[ -z $suite ]] || fresh_base "$BASES/$suite.$arch" "$key" "$suite" || echo "$suite $arch"
  done
}

# fresh_base FILE KEY SUITE: whether that base is there, made as it would be made now. FILE is a line of its digest, key, architecture, and of what
# validity_of said.
fresh_base() {
  local digest key arch ask expired now validity
  [[ -f $1 ]] && read -r digest key arch ask expired <"$1" && [[ $key == "$2" ]] || return
  now=$(date +%s)
  ((now >= ask)) || return 0
  # An archive that can't be asked now is asked later: what was made stays.
  validity=$(now_valid "$3") || validity="$((now + 3600)) $expired"
  [[ ${validity#* } == "$expired" ]] || return
  record_base "$1" "$digest $key $arch $validity"
}

record_base() { echo "$2" >"$BASES/.$BASHPID" && mv "$BASES/.$BASHPID" "$1"; }

# The same of a suite's archive as it is now; in a folder of its own, as no lock is held.
now_valid() {
  local TMP sources code=0
  TMP=$(mktemp -d)
  # One after the other: both ask for indexes, and read them in one place.
  sources=$(sources_of "$1") && validity_of <<<"$sources" || code=$?
  rm -r "$TMP"
  return "$code"
}

make_bases() {
  local suite arch usual expired
  while read -r suite arch; do
    check_disk 1 "the base image debian:$suite"
    usual="20 s"
    [[ $arch == "$ARCH" ]] || usual="4 min, emulated"
    step "base image debian:$suite for $arch, from Debian" "$usual" make_base "$suite" "$arch" "$(base_key)"
    expired=$(cut -d' ' -f5 "$BASES/$suite.$arch")
    [[ $expired == - ]] || say "the archive's index of $expired has expired: debian:$suite takes it as it is, by its signature alone"
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

# validity_of: from the same lines, "WHEN SUITES": the suites whose index is past its Valid-Until, with commas, or -, and when that has to be asked
# again: a day later if there are some, else when the first one ends.
validity_of() {
  local uri suite until now ask=9999999999 expired=()
  now=$(date +%s)
  while read -r uri suite; do
    in_release "$uri" "$suite" >&2 || return
    until=$(sed -n 's/^Valid-Until: //p' "$TMP/InRelease")
    [[ $until ]] || continue
    until=$(date --date "$until" +%s)
    if ((until <= now)); then expired+=("$suite"); fi
    if ((until > now && until < ask)); then ask=$until; fi
  done
  if ((${#expired[@]} && ask > now + 86400)); then ask=$((now + 86400)); fi
  (IFS=, && echo "$ask ${expired[*]:--}")
}

# debian_sources SUITES: the file of the real image, from the same lines; of SUITES, which have expired, as in an archive that nobody renews any
# more, it says so, and of no other.
debian_sources() {
  awk -v expired=",$1," '!($1 in suites) { order[++n] = $1 } { suites[$1] = suites[$1] " " $2 } index(expired, "," $2 ",") { old[$1] = 1 }
    END { for (i = 1; i <= n; i++)
      printf "%sTypes: deb\nURIs: %s\nSuites:%s\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n%s",
        (i > 1 ? "\n" : ""), order[i], suites[order[i]], (order[i] in old ? "Check-Valid-Until: no\n" : "") }'
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
  local suite=$1 arch=$2 key=$3 sources validity deb others work epoch options=()
  work=$TMP/base-$suite-$arch
  mkdir -p "$work" "$BASES"
  sources=$(sources_of "$suite")
  mapfile -t deb < <(awk '{ print "deb " $1 " " $2 " main" }' <<<"$sources")
  validity=$(validity_of <<<"$sources")
  epoch=$(released "${sources%% *}" "$suite")
  # There mmdebstrap would take usrmerge and all of Perl, where debootstrap takes usr-is-merged.
  [[ $suite != bookworm ]] || options+=(--hook-dir=/usr/share/mmdebstrap/hooks/maybe-merged-usr)
  [[ $validity == *' -' ]] || options+=(--aptopt='Acquire::Check-Valid-Until "false"')
  SOURCE_DATE_EPOCH=$epoch debootstrap --variant=minbase --format=directory --architectures="$arch" \
    "${options[@]}" "$suite" "$work/root" "${deb[@]}"
  slim "$work/root" "$epoch"
  debian_sources "${validity#* }" <<<"$sources" >"$work/root/etc/apt/sources.list.d/debian.sources"
  debuerreotype-tar --exclude ./etc/machine-id "$work/root" "$work/root.tar"
  node "$ENGINE_DIR/oci-layout.mjs" "$work/root.tar" "$work/oci" "$arch"
  # Architectures made before keep their manifests, so what was built on them stays cached.
  mapfile -t others < <(cat "$BASES/$suite".* 2>/dev/null | awk -v key="$key" -v arch="$arch" '$2 == key && $3 != arch { print $1 }')
  # The process namespace ends with what runs in it, the registry too.
  unshare --net --pid --fork --kill-child=KILL bash "$ENGINE_DIR/engine" __step push_base "$work" "$suite" "$arch" "${others[@]}"
  record_base "$BASES/$suite.$arch" "$(<"$work/digest") $key $arch $validity"
  rm -rf "$work"
}

# push_base WORK SUITE ARCH DIGEST...: lets the base's tags name WORK's image and those; its digest is left in WORK. What the engine's registry
# serves is written by one that listens in a network namespace of its own, which nobody else is in.
push_base() {
  local work=$1 suite=$2 arch=$3
  # The engine's root file system has the program, this machine may not.
  chroot "$ROOT" ip link set lo up
  registry_config false >"$work/registry.yml"
  docker-registry serve "$work/registry.yml" &
  for _ in {1..100}; do
    ! listening || break
    sleep 0.1
  done
  skopeo copy --quiet --dest-tls-verify=false --digestfile "$work/digest" \
    "oci:$work/oci" "docker://$REGISTRY/library/debian:$suite-$arch"
  node "$ENGINE_DIR/tag.mjs" "$REGISTRY/library/debian" "$suite,$suite-slim" "${@:4}" "$(<"$work/digest")"
}
