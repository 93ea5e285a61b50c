# Programs find what they take for granted: `xdg-open` shows folders and gives links to the browser that the image has, notifications are
# shown, and the menu offers no way out of a session that is none. What the desktop is made of leaves memory to them: none of it keeps a driver
# of OpenGL that it doesn't draw with.

setup() { load ../lab/lab; }

# open ADDRESS: what a program does about a link.
open() { as_user box xdg-open "$1" >/dev/null 2>&1 3>&-; }

opened() { [ "$(cat "$(rootfs box)/home/bob/opened")" = "$1" ]; }

@test "a folder is shown, and a link goes to the browser that the image has" {
  unpack box
  for name in firefox x-www-browser; do
    install -m 0755 /dev/stdin "$(rootfs box)/usr/bin/$name" <<'SH'
#!/bin/sh
echo "$*" >>"$HOME/opened"
SH
  done
  begin start box
  open https://example.org/
  poll 15 opened https://example.org/
  open /usr
  poll 15 mapped box thunar
}

@test "a notification is shown" {
  desktop box
  as_user box notify-send --expire-time=60000 Hello 'from a program'
  poll 15 mapped box xfce4-notifyd
}

@test "a package's entry to log out isn't in the menu" {
  unpack box
  begin start box
  local height
  height=$(menu_height box)
  assert [ "$height" -gt 50 ]
  printf '%s\n' '[Desktop Entry]' Type=Application 'Name=Log Out' Exec=true Icon=exit \
    'Categories=System;X-XFCE;X-Xfce-Toplevel;' OnlyShowIn='XFCE;' >"$(rootfs box)/usr/share/applications/xfce4-session-logout.desktop"
  begin restart box
  assert_equal "$(menu_height box)" "$height"
}

@test "no program that the desktop is made of keeps a driver of OpenGL in memory" {
  desktop box
  local name process
  for name in xfsettingsd xfwm4 xfdesktop xfce4-panel; do
    process=$(pgrep --ns "$(init_pid box)" --nslist pid --oldest --exact "$name")
    run grep --only-matching --extended-regexp 'libLLVM|[a-z]+_dri\.so|libgallium' "/proc/$process/maps"
    assert_output ''
  done
}
