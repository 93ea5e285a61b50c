# shellcheck shell=bash disable=SC2153
# The embedded engine as a file for other machines, which have it from that in place of building it.

# What is in one: each that was built, with its key, and the base images that the registry has. It begins with a line that says for whom.
CARRIED=(bin root sdk sdk-official sdk-go bases images)
LABEL=helios-engine

label() { echo "Dagger v$VERSION linux/$ARCH"; }

# export FILE: writes one, and builds before what isn't built yet.
export_engine() {
  local file
  file=$(named export "${1:-}") || exit
  lock_built
  need_packages zstd
  step "the engine as $file" "30 s" write_engine "$(realpath "$file")"
  clean_temporary
  unlock
  say "wrote $file, $(du -h "$file" | cut -f1), sha256:$(sha256sum "$file" | cut -d' ' -f1)"
}

write_engine() {
  local folders=() name
  for name in "${CARRIED[@]}"; do [[ ! -e $HOME_DIR/$name ]] || folders+=("$name"); done
  label >"$TMP/$LABEL"
  # Root's alone, as who takes it runs what is in it.
  (umask 077 && tar --create --zstd --file="$1.part" --directory="$TMP" "$LABEL" --directory="$HOME_DIR" "${folders[@]}") || {
    rm -f "$1.part"
    return 1
  }
  mv "$1.part" "$1"
}

# import FILE: takes one where nothing is built yet.
import_engine() {
  local file
  file=$(named import "${1:-}") || exit
  [[ -f $file && -r $file ]] || fail "$file: expected a file that dagger/run engine export wrote, got none that can be read"
  [[ $(stat --format='%u' "$file") =~ ^(0|$EUID)$ && -z $(find "$file" -perm /022) ]] ||
    fail "$file: others than root may write to it, and root would run what is in it; copy it to a file that is root's alone"
  settle_proxies
  compute_keys
  [[ ! -e $BIN && ! -e $ROOT ]] ||
    fail "there is an engine in $HOME_DIR already: run  dagger/run engine wipe  before, or set HELIOS_ENGINE_HOME to another folder"
  check_disk 4 "the engine"
  check_tools tar
  lock
  clean_temporary
  need_packages zstd
  step "the engine of $file" "20 s" read_engine "$(realpath "$file")"
  clean_temporary
  unlock
  built || say "it is of another version of this farm: what differs is built at the next call"
}

read_engine() {
  local out=$TMP/import name label
  mkdir -p "$out"
  tar --extract --zstd --file="$1" --directory="$out" || {
    echo "$1: error: cut off, or no file of dagger/run engine export's"
    return 1
  }
  label=$(cat "$out/$LABEL" 2>/dev/null) || true
  if [[ $label != "$(label)" ]]; then
    echo "$1: error: expected $(label), got ${label:-no engine}"
    return 1
  fi
  for name in "${CARRIED[@]}"; do
    [[ ! -e $out/$name ]] || swap "$out/$name" "$HOME_DIR/$name"
  done
  rm -r "$out"
}

# named VERB FILE: the name of the file, or a refusal.
named() {
  [[ -n $2 && $2 != -* ]] || fail "engine $1 needs the name of the file, such as engine.tar.zst"
  echo "$2"
}
