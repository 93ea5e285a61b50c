# shellcheck shell=bash
# What the checks of both profiles need to know of kvdi, whichever its init.

# shellcheck source=common/smoke/kvdi/systemd.bash
source "/smoke/kvdi/$INIT.bash"

# What a container needs beside USER and UID, and what makes it use a PASSWORD.
REQUIRED=()
WITH_PASSWORD=(DISPLAY_SOCK_ADDR=tcp://0.0.0.0:5900)

# What a second desktop needs in a network, and a port that both would have.
NEIGHBOUR=()
TAKEN=(DISPLAY_SOCK_ADDR=tcp://127.0.0.1:5901)

# network_of NAME: a network of its own, but for NAME_2, which is in that of NAME.
network_of() { if [[ $1 == *_[0-9] ]]; then printf '/proc/%s/ns/net' "$(init_pid "${1%_*}")"; fi; }

# display_of NAME: the number of its display. Its user may have put anything there.
display_of() {
  local file
  file=$(rootfs "$1")/run/user/${OWNER%:*}/display
  if [ -f "$file" ] && [ ! -L "$file" ]; then sed 's/^://' "$file"; fi
}

display_socket() { printf '%s/run/kvdi/display.sock' "$(rootfs "$1")"; }

# vnc NAME COMMAND...: a VNC client's commands, as vncdo has them.
vnc() {
  local name=$1
  shift
  vncdo --timeout=10 --nocursor --server="$(display_socket "$name")" "$@"
}

# picture NAME FILE: what a VNC client sees. A slow server sends the first picture in parts, and vncdo takes the first part for the whole.
picture() { vnc "$1" capture "$2" capture "$2"; }

# resize NAME WIDTHxHEIGHT: a VNC client asks for a desktop of that size.
resize() { set-desktop-size "$(display_socket "$1")" "${2%x*}" "${2#*x}"; }

# usable NAME: a window manager runs, panel and wallpaper are mapped.
usable() { on_display "$1"; }

# shows_without_more_privileges: boots with CAPABILITIES alone, which no program can add to, and a client sees the desktop.
shows_without_more_privileges() {
  NO_NEW_PRIVILEGES=true
  desktop box
  run picture box /tmp/desktop.png
  assert_success
}

# refuses_namespaces: what a container runtime's seccomp profile is there for.
refuses_namespaces() {
  desktop box
  run inside box unshare --user true
  assert_failure
  assert_output --partial 'Operation not permitted'
}

# programs_have_no_capability: boots, and looks at all of the user's processes.
programs_have_no_capability() {
  desktop box
  run inside box sh -c 'for p in $(grep -l "^Uid:.1000" /proc/[0-9]*/status); do grep CapEff "$p"; done 2>/dev/null | sort -u'
  assert_output --regexp '^CapEff:.0000000000000000$'
}

# secrets NAME: files that must differ from container to container.
secrets() { printf '%s/run/user/%s/Xauthority\n' "$(rootfs "$1")" "${OWNER%:*}"; }
