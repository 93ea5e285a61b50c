# On a screen of small pixels, or where the page is magnified, the desktop has all of the screen's pixels, and windows, panel and pointer are as large
# as ever. `SCALE` says another size.

setup() { load ../lab/lab; }

DESKTOP="document.querySelector('iframe').contentDocument.querySelector('#noVNC_container canvas')"

# is NAME WANTED GOT...: what is got is what is wanted.
is() {
  echo "$1: ${*:3}"
  [ "$2" = "${*:3}" ]
}

sized() { is size "$1" "$(desktop_size box)"; }

# settings_say FACTOR DPI: what programs with GTK are told.
settings_say() { is settings "$*" "$(as_user box sh -c 'for p in Gdk/WindowScalingFactor Xft/DPI; do xfconf-query -c xsettings -p /$p; done' 2>&1 | xargs)"; }

# panel_has PIXELS: its height, beside a border.
panel_has() {
  local height
  height=$(on_x box xdotool search --onlyvisible --class '^xfce4-panel$' getwindowgeometry | sed -n 's/.*Geometry: .*x//p')
  echo "panel: $height"
  ((height >= $1 && height <= $1 + 2))
}

# drawn_whole RATIO: so many pixels of the desktop for each of the page's.
drawn_whole() { is ratio "$1" "$(browse box look "$DESKTOP.width / $DESKTOP.getBoundingClientRect().width")"; }

# pointer_of RATIO: over the desktop it has as many.
pointer_of() {
  browse box move 300 300 500 400
  is pointer "$1" "$(browse box look "$DESKTOP.style.cursor" | grep -o '[0-9.]*\(x\|dppx\))' | head -1)"
}

@test "a 4K screen of twice the pixels gets a desktop of twice the size, a magnified page one of its own, and the first one the first again" {
  desktop box
  page box
  poll 10 sized 1280x720
  poll 10 panel_has 36
  browse box resize --zoom=2 3840x2162
  poll 15 sized 3840x2162
  poll 10 settings_say 2 96
  poll 20 panel_has 72
  poll 20 on_display box
  poll 10 drawn_whole 2
  poll 20 pointer_of '2x)'
  browse box resize --zoom=1.5 1920x1086
  poll 15 sized 1920x1086
  poll 10 settings_say 1 144
  poll 20 panel_has 54
  browse box resize --zoom=1 1280x728
  poll 15 sized 1280x728
  poll 10 settings_say 1 96
  poll 20 panel_has 36
}

@test "what the user has chosen stays" {
  desktop box
  page box
  poll 10 sized 1280x720
  as_user box xfconf-query -c xfwm4 -p /general/theme -n -t string -s Daloa
  as_user box xfconf-query -c xfce4-panel -p /panels/panel-1/size -n -t uint -s 48
  browse box resize --zoom=1.5 1920x1086
  poll 10 settings_say 1 144
  poll 10 panel_has 48
  holds 2 panel_has 48
  assert_equal "$(as_user box xfconf-query -c xfwm4 -p /general/theme)" Daloa
}

@test "SCALE=1 leaves the desktop as it is, and SCALE=2 has it large on any screen" {
  desktop box SCALE=1
  page box
  browse box resize --zoom=2 2560x1442
  poll 15 sized 1280x721
  holds 3 panel_has 36
  discard box
  desktop box SCALE=2
  poll 20 panel_has 72
  page box
  poll 10 sized 1280x720
}

@test "another SCALE refuses" {
  local value
  for value in 3 Auto 1.25 '2 1'; do refuses SCALE "SCALE=$value"; done
}
