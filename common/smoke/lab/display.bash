# shellcheck shell=bash
# Loaded by every check: what an X client sees of a container's display.

# on_x NAME COMMAND...: an X client of the lab on the container's display.
on_x() {
  local root number
  root=$(rootfs "$1") number=$(display_of "$1")
  shift
  mkdir -p /tmp/.X11-unix
  ln -sfn "$root/tmp/.X11-unix/X$number" "/tmp/.X11-unix/X$number"
  DISPLAY=:$number XAUTHORITY="$root/run/user/${OWNER%:*}/Xauthority" "$@"
}

# desktop_size NAME: WIDTHxHEIGHT.
desktop_size() { on_x "$1" xwininfo -root | awk '/Width:/ { w = $2 } /Height:/ { h = $2 } END { print w "x" h }'; }

# on_display NAME: a window manager runs, and panel and wallpaper are mapped.
on_display() {
  on_x "$1" xprop -root _NET_SUPPORTING_WM_CHECK | grep -q 'window id' || {
    echo 'no window manager'
    return 1
  }
  mapped "$1" xfce4-panel && mapped "$1" xfdesktop
}

# menu_opens COMMAND...: a click by that command opens the panel's menu.
menu_opens() {
  local click=("$@") before
  menus() { on_x box xdotool search --onlyvisible --class '^xfce4-panel$' | wc -l; }
  before=$(menus)
  more() { [ "$(menus)" -gt "$before" ]; }
  click_menu() { "${click[@]}" && more; }
  poll 10 click_menu
}

# A window that goes while they are looked through ends a search: then it is asked for again.
mapped() {
  local search=(on_x "$1" xdotool search --onlyvisible --class "^$2\$")
  "${search[@]}" >/dev/null || "${search[@]}" >/dev/null || {
    echo "no window of class $2"
    return 1
  }
}

# terminal TITLE [OPTION...]: a terminal of the user's with that title, at the place that window_in looks at.
terminal() {
  as_user box xfce4-terminal --disable-server --title="$1" --geometry=60x12+200+150 "${@:2}" 3>&- &
  poll 15 on_x box xdotool search --onlyvisible --name "^$1\$"
}

# event_tester MASK: a window that writes into /tmp/told which events of that kind it gets.
event_tester() {
  on_x box stdbuf --output=L xev -geometry 300x200+200+150 -event "$1" >>/tmp/told 2>&1 3>&- &
  poll 15 on_x box xdotool search --onlyvisible --name '^Event Tester$'
}

# was_told EVENTS SED: whether these are what sed finds there.
was_told() {
  local found
  found=$(sed -n "$2" /tmp/told | xargs)
  echo "told: $found"
  [ "$found" = "$1" ]
}

# menu_height NAME: how high the panel's menu is, which is closed again.
menu_height() {
  local name=$1 before new
  menu() { on_x "$name" xdotool search --onlyvisible --class '^xfce4-panel$' | sort; }
  before=$(menu)
  as_user "$name" xfce4-popup-applicationsmenu
  opens() { new=$(comm -13 <(echo "$before") <(menu)) && [ -n "$new" ]; }
  poll 10 opens
  on_x "$name" xwininfo -id "$new" | awk '/Height:/ { print $2 }'
  on_x "$name" xdotool key Escape
}
