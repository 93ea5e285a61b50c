# What XDG's `autostart` folders name is started once, as the user, when the panel is there. A file of the user's own decides about the
# system's of that name.

setup() { load ../lab/lab; }

# entry FOLDER NAME [KEY=VALUE...]: a file of an autostart folder by which `recorder` tells of itself under that name.
entry() {
  mkdir -p "$(rootfs box)$1/autostart"
  printf '%s\n' '[Desktop Entry]' Type=Application "Name=$2" "Exec=/usr/local/bin/recorder $2 \"two words\"" "${@:3}" \
    >"$(rootfs box)$1/autostart/$2.desktop"
}

# recorder: writes who started it with what, where, and whether the panel was there.
recorder() {
  install -m 0755 /dev/stdin "$(rootfs box)/usr/local/bin/recorder" <<'SH'
#!/bin/sh
panel=$(gdbus wait --session --timeout 1 org.xfce.Panel 2>&1 && echo there)
echo "$1 $# $(id -un) ${DISPLAY:+on-display} $DBUS_SESSION_BUS_ADDRESS $panel" >>"$HOME/started"
trap 'echo "$1 ended" >>"$HOME/started"; exit' TERM
sleep 99 &
wait
SH
}

started() { [ "$(sed -n "s/^\([^ ]*\) [0-9].*/\1/p" "$(rootfs box)/home/bob/started" | sort | xargs)" = "$1" ]; }

@test "a program is started once at each start, as the user, in the session, with the panel there, and asked to end" {
  unpack box
  recorder
  entry /etc/xdg first
  begin start box
  poll 20 started first
  holds 3 started first
  assert_equal "$(cat "$(rootfs box)/home/bob/started")" 'first 2 bob on-display unix:path=/run/user/1000/bus there'
  restart box USER=bob UID=1000 "${REQUIRED[@]}"
  poll 30 started 'first first'
  assert_equal "$(grep -c ended "$(rootfs box)/home/bob/started")" 1
}

@test "the user's file comes first, and what isn't for this desktop isn't started" {
  unpack box
  recorder
  entry /etc/xdg hidden
  entry /etc/xdg last
  entry /etc/xdg another OnlyShowIn='GNOME;KDE;'
  entry /etc/xdg ours OnlyShowIn='GNOME;XFCE;'
  entry /etc/xdg elsewhere NotShowIn='XFCE;'
  entry /etc/xdg missing TryExec=/usr/bin/no-such-program
  entry /home/bob/.config hidden Hidden=true
  entry /home/bob/.config mine
  chown -R 1000:1000 "$(rootfs box)/home/bob"
  begin start box
  poll 20 started 'last mine ours'
  holds 3 started 'last mine ours'
}

@test "neither what the desktop starts by itself, nor what locks it or asks for passwords, is started by a package's file" {
  unpack box
  recorder
  local name
  for name in pulseaudio xfsettingsd light-locker xscreensaver xfce4-screensaver lxpolkit xfce-polkit polkit-{gnome,mate}-authentication-agent-1; do
    entry /etc/xdg "$name"
  done
  entry /etc/xdg other
  begin start box
  poll 20 started other
  holds 3 started other
}
