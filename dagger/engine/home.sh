# shellcheck shell=bash disable=SC2153
# The engine's home. Root runs what lies in it, so it is root's and closed to all others, and none of them may put another in its place.

# others: of lines of "MODE OWNER GROUP …", the first of a folder that others own or may write to, or of a link of theirs. With "sticky" such a
# bit counts, by which what is root's in a folder stays where it is.
others() {
  awk -v me="$(id -un)" -v sticky="${1:-}" '
    function mine(owner) { return owner == "root" || owner == me }
    function writes() { return substr($1, 9, 1) == "w" || substr($1, 6, 1) == "w" && $3 != "root" }
    $1 ~ /^[dl][-r][-w][-xsS][-r][-w][-xsS][-r][-w][-xtT]/ &&
      (!mine($2) || $1 ~ /^d/ && writes() && !(sticky && $1 ~ /[tT]$/)) { print; exit }'
}

# check_home: refuses a home in which others have a hand, in one line; one that they may read, as older versions made it, is closed.
check_home() {
  local found
  check_tools namei
  [[ ! -L $HOME_DIR ]] || fail "the engine's home $HOME_DIR is a link: set HELIOS_ENGINE_HOME to the folder that it leads to"
  found=$({ namei -l "$(dirname "$HOME_DIR")" || true; } | others sticky)
  [[ -z $found ]] ||
    fail "others than root could exchange the engine's home $HOME_DIR: what leads there is theirs or may be written to by them ($(xargs <<<"$found")); set HELIOS_ENGINE_HOME to a folder below root's own, such as /root/.cache/helios-engine"
  [[ -d $HOME_DIR ]] || return 0
  found=$(stat --format='%A %U %G' "$HOME_DIR" | others)
  [[ -z $found ]] ||
    fail "others than root may write to the engine's home $HOME_DIR ($found); remove it, or set HELIOS_ENGINE_HOME to a folder that is root's alone"
  [[ ! -f $MARKER || $(stat --format=%a "$HOME_DIR") == *00 ]] || chmod go= "$HOME_DIR"
}

claim_home() {
  [[ -f $MARKER ]] && return
  (umask 077 && mkdir --parents "$HOME_DIR") 2>/dev/null || fail "cannot create $HOME_DIR; set HELIOS_ENGINE_HOME to a folder that can be written"
  # Once more, as others may have made what leads there meanwhile.
  check_home
  [[ -z $(find "$HOME_DIR" -mindepth 1 -maxdepth 1 ! -name lost+found -print -quit) ]] ||
    fail "$HOME_DIR holds other files and is not an engine's home; set HELIOS_ENGINE_HOME to a new or empty folder"
  chmod go= "$HOME_DIR"
  echo "The embedded Dagger engine of Helios lives here." >"$MARKER"
}
