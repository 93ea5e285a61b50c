# shellcheck shell=sh
# Sourced by an image's init after environment.sh: the language and the time zone of the desktop's programs. The init keeps LC_ALL from
# its own shell, and has it in $locale.

# What is no name is refused, with everything else that is.
check_locale() {
  LANG=${LANG:-C.UTF-8}
  require_word LANG "$LANG" A-Za-z0-9_.@-
  [ -z "$locale" ] || require_word LC_ALL "$locale" A-Za-z0-9_.@-
  [ -z "${TZ+set}" ] || require_word TZ "$TZ" A-Za-z0-9_+/-
  export LANG
}

# What is a name that the image lacks would leave programs with ASCII, or with UTC, without a word: each is replaced, with a line. It
# comes after all that may refuse.
settle_locale() {
  for name in LANG LC_ADDRESS LC_COLLATE LC_CTYPE LC_IDENTIFICATION LC_MEASUREMENT LC_MESSAGES LC_MONETARY LC_NAME LC_NUMERIC LC_PAPER LC_TELEPHONE LC_TIME; do
    eval "value=\${$name-}"
    if [ -z "$value" ] || has_locale "$value"; then continue; fi
    say_lacking "$name" "$value"
    if [ "$name" = LANG ]; then LANG=C.UTF-8; else unset "$name"; fi
  done
  if [ -n "$locale" ] && ! has_locale "$locale"; then
    say_lacking LC_ALL "$locale"
    locale=C.UTF-8
  fi
  settle_zone
}

say_lacking() { echo "helios: $1=$(shown "$2"): this image lacks that locale, so C.UTF-8 is used; an image made FROM it can add one" >&2; }

# has_locale NAME: libc finds it. C's own are in every image.
has_locale() {
  case $1 in
    C | POSIX | C.UTF-8 | C.utf8) return 0 ;;
  esac
  ! command -v locale >/dev/null || [ -z "$(LC_ALL=$1 locale charmap 2>&1 >/dev/null)" ]
}

# A zone's older name may be in a package of its own; the list of all names says what it stands for. CET-1CEST is a rule, not a name.
settle_zone() {
  if [ -z "${TZ-}" ] || has_zone "$TZ"; then return; fi
  case $TZ in
    */*) ;;
    [A-Za-z][A-Za-z][A-Za-z]*[0-9]*) return 0 ;;
  esac
  stands_for=$(awk -v name="$TZ" '$1 == "L" && $3 == name { print $2; exit }' /usr/share/zoneinfo/tzdata.zi 2>/dev/null) || true
  if [ -n "$stands_for" ] && has_zone "$stands_for"; then
    export TZ="$stands_for"
  else
    echo "helios: TZ=$(shown "$TZ"): this image lacks that time zone, so its own is used; expected a name such as Europe/Berlin" >&2
    unset TZ
  fi
}

has_zone() { [ "$(head -c 4 "/usr/share/zoneinfo/$1" 2>/dev/null)" = TZif ]; }
