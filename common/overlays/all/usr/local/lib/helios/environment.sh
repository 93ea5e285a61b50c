# shellcheck shell=sh
# Sourced by an image's init. Refuses a USER, UID or GID that can't become the desktop's user, before anything is changed.
# POSIX sh, because bash keeps UID for itself: even as sh it has one of its own where none was given.

refuse() {
  printf 'helios: %s\n' "$*" >&2
  exit 64
}

# A value as it may be shown in one line of a log.
shown() { printf '%.40s' "$1" | tr -c '[:print:]' '?'; }

# forget_empty NAME...: an optional setting that is empty, as templates hand over a field that was left blank, is one that wasn't given.
forget_empty() {
  for name; do
    eval "[ -n \"\${$name-}\" ] || unset $name"
  done
}

# Refuses all but decimal numbers from 1000 to 2147483647; 65534 is nobody.
require_id() {
  name=$1 value=$2
  case $value in
    '' | *[!0-9]* | 0* | ???????????*) refuse "$name='$(shown "$value")': expected a number from 1000 to 2147483647; for example $name=1000" ;;
  esac
  if [ "$value" -lt 1000 ] || [ "$value" -gt 2147483647 ] || [ "$value" -eq 65534 ]; then
    refuse "$name=$value: expected a number from 1000 to 2147483647 other than 65534; the others belong to the system"
  fi
}

# require_one_of NAME VALUE CHOICE...
require_one_of() {
  name=$1 value=$2
  shift 2
  for choice; do
    if [ "$value" = "$choice" ]; then return; fi
  done
  refuse "$name='$(shown "$value")': expected one of: $*"
}

# require_number NAME VALUE LEAST MOST
require_number() {
  case $2 in
    '' | *[!0-9]* | 0* | ????????*) refuse "$1='$(shown "$2")': expected a number from $3 to $4" ;;
  esac
  if [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ]; then refuse "$1=$2: expected a number from $3 to $4"; fi
}

# A decimal fraction is a number of minutes too.
require_minutes() {
  case $2 in
    '' | *[!0-9.]* | .* | *. | *.*.* | ????????*) refuse "$1='$(shown "$2")': expected minutes; for example $1=30" ;;
  esac
  case $2 in
    *[1-9]*) ;;
    *) refuse "$1=$2: expected more than no time; leave $1 out for no limit" ;;
  esac
}

# require_word NAME VALUE CHARACTERS: a name that can't lead elsewhere, made of those characters.
require_word() {
  case $2 in
    '' | *[!$3]* | /* | *..* | -*) refuse "$1='$(shown "$2")': expected a name; for example LC_ALL=C.UTF-8 or TZ=Europe/Berlin" ;;
  esac
  [ "${#2}" -le 64 ] || refuse "$1='$(shown "$2")…': expected at most 64 characters"
}

# What a shell would run or find in place of what is meant: this one was started with -p, the ones after it aren't.
require_plain_shell() {
  unset ENV BASH_ENV CDPATH
  for program in id getent printenv env grep cut tr wc cat head awk; do
    command -v "$program" >/dev/null || refuse "PATH has no $program: expected the image's own folders in it; for example no PATH at all"
  done
  # Shells hand on no variable of such a name, so it is looked for in what this one was given.
  ! grep -qz '^BASH_FUNC_' "/proc/$$/environ" || refuse "a function of bash is in the environment: expected variables alone; for example no BASH_FUNC_module%%"
}

# Whoever asks whether a file may be read makes a call of Linux 5.8. Runtimes that are older than their seccomp profile forbid it rather
# than lack it, so that libc doesn't fall back on another, and threads as well.
require_calls() {
  test -r / || refuse "the runtime's seccomp profile forbids calls that this image needs, such as faccessat2: expected Docker 20.10.10, podman 4 or later, with libseccomp 2.5; or --security-opt seccomp=FILE with a newer profile"
}

# is_root: a container is root's, who makes the desktop's user, or all of it runs as that user. What differs then asks here.
unset started_as
is_root() { [ "${started_as:=$(id -u)}" = 0 ]; }

# make_ids: of the user that root makes.
make_ids() {
  printenv UID >/dev/null || refuse "UID is not set: expected the desktop user's number; for example UID=1000"
  require_id UID "$UID"
  if [ -z "${GID+set}" ]; then GID=$UID; fi
  [ "$GID" = 100 ] || require_id GID "$GID"
}

# take_ids: of the user that the container runs as. Bash has that UID by itself where it isn't set, to be read alone.
take_ids() {
  require_id --user "$started_as"
  require_own UID "$(printenv UID)" "$started_as"
  [ "${UID-}" = "$started_as" ] || UID=$started_as
  own_group=$(id -g)
  require_own GID "${GID-}" "$own_group"
  GID=$own_group
}

require_own() {
  [ "${2:-$3}" = "$3" ] || refuse "$1='$(shown "$2")': the container runs as $3, and root alone makes another user: expected $1=$3, or no $1; or no --user"
}

# choose_home ASKED: leaves in home where the user is at home. Runtimes say root's own HOME of whoever starts as root.
choose_home() {
  home=/home/$USER
  case $1 in
    '' | / | /root) is_root || find_own_home ;;
    /*[!A-Za-z0-9._@+/-]* | [!/]* | *//* | */./* | */../* | */. | */.. | */) refuse_home_setting "$1" ;;
    /bin/* | /boot/* | /dev/* | /etc/* | /lib*/* | /opt/* | /proc/* | /root/* | /run/* | /sbin/* | /sys/* | /tmp/* | /usr/*) refuse_home_setting "$1" ;;
    /bin | /boot | /dev | /etc | /home | /lib* | /opt | /proc | /run | /sbin | /sys | /tmp | /usr | /var) refuse_home_setting "$1" ;;
    /var/home/*) home=$1 ;;
    /var/*) refuse_home_setting "$1" ;;
    *) home=$1 ;;
  esac
  [ "${#home}" -le 200 ] || refuse "HOME='$(shown "$home")…': expected at most 200 characters"
}

# find_own_home: who isn't root can make none in the image's own /home, so that one goes with the container where nothing is there for it.
find_own_home() {
  find_mounts "$home"
  if [ -z "$mount_at" ] && [ ! -w /home ] && [ ! -e "$home" ] && [ ! -L "$home" ]; then home=/run/home/$USER; fi
}

refuse_home_setting() {
  refuse "HOME='$(shown "$1")': expected a folder for homes, of letters, digits and . _ @ + - /; for example HOME=/net/homes/$USER, or no HOME for /home/$USER"
}

# Whoever can put a link or a file there would be given what it leads to.
check_home() {
  if [ -L "$home" ] || { [ -e "$home" ] && [ ! -d "$home" ]; }; then
    refuse "$home is a link or a file: expected a folder, or nothing, for USER=$USER; mount a volume there to have it elsewhere"
  fi
}

check_environment() {
  # Root's own from here on, whatever the container was given: Python alone would run files of the user's.
  asked_home=${HOME-}
  export HOME=/root
  require_plain_shell
  require_calls
  [ -n "${USER:-}" ] || refuse "USER is not set: expected the desktop user's name; for example USER=bob"
  case $USER in
    [!a-z_]* | *[!a-z0-9_-]*) refuse "USER='$(shown "$USER")': expected a lower-case letter or _, then letters, digits, - or _; for example USER=bob" ;;
  esac
  [ "${#USER}" -le 32 ] || refuse "USER='$(shown "$USER")…': expected at most 32 characters, got ${#USER}"
  entry=$(getent passwd "$USER" | cut -d: -f3)
  case $entry in
    '') ;;
    ? | ?? | ??? | 65534) refuse "USER=$USER is an account of the system: expected another name; for example USER=bob" ;;
  esac
  forget_empty GID LANG TZ
  if is_root; then make_ids; else take_ids; fi
  entry=$(getent group "$USER" | cut -d: -f3)
  case $entry in
    ? | ?? | ???) [ "$entry" = "$GID" ] || refuse "USER=$USER is a group of the system: expected another name; for example USER=bob" ;;
  esac
  choose_home "$asked_home"
  check_home
  is_root || HOME=$home
  export USER UID GID
}
