# A second monitor can be opened, and nothing asks about it. Each is as large as its window, and sharp where its pixels are small.

setup() {
  load ../lab/lab
  load ../lab/pixels
}

monitors() { on_x box xrandr --listmonitors | sed 1d; }

two() {
  monitors
  [ "$(monitors | wc -l)" = 2 ]
}

@test "a second monitor is opened from the page's menu and shows what lies there" {
  desktop box
  page box
  run monitors
  assert_equal "${#lines[@]}" 1
  browse box monitor
  poll 15 two
  local left
  left=$(monitors | sed -n 's/.*+\([1-9][0-9]*\)+0 .*/\1/p')
  assert_equal "$left" 1280
  as_user box xfce4-terminal --disable-server --title=beyond --hide-menubar --geometry="60x12+$((left + 200))+150" --command "sh -c 'printf \"\\033[48;2;20;80;60m\\033[2J\"; exec sleep 60'" 3>&- &
  poll 15 on_x box xdotool search --onlyvisible --name '^beyond$'
  poll 10 green 2
  run green 1
  assert_failure
  poll 10 alike 900 400
}

@test "each monitor is as large as its own window, in the pixels of its own screen" {
  desktop box
  page box
  browse box monitor
  poll 15 lie 1280x720+0 1280x720+1280
  browse box resize --screen=2 1024x600
  poll 15 lie 1280x720+0 1024x600+1280
  browse box resize --screen=2 --zoom=2 2560x1442
  poll 15 lie 1280x720+0 2560x1442+1280
  browse box resize 1600x900
  poll 15 lie 1600x900+0 2560x1442+1600
}

# lie WIDTHxHEIGHT+LEFT...: so large the monitors are, and there they lie.
lie() {
  local found
  found=$(monitors | sed -E 's|.* ([0-9]+)/[0-9]+x([0-9]+)/[0-9]+\+([0-9]+)\+0 .*|\1x\2+\3|' | xargs)
  echo "monitors: $found"
  [ "$found" = "$*" ]
}

# alike X Y: there both windows of the browser show one colour, as one wallpaper is on both.
alike() {
  local screen
  for screen in 1 2; do
    browse box screenshot "--screen=$screen" "/tmp/$screen.png"
    colour "/tmp/$screen.png" "$1" "$2"
  done
  near "$(colour /tmp/1.png "$1" "$2")" "$(colour /tmp/2.png "$1" "$2")"
}

# green SCREEN: that window of the browser shows the terminal's colour where it was opened.
green() {
  browse box screenshot "--screen=$1" /tmp/now.png
  colour /tmp/now.png 400 260
  near "$(colour /tmp/now.png 400 260)" '20 80 60'
}

near() { awk -v a="$1" -v b="$2" 'BEGIN { split(a, x); split(b, y); for (i = 1; i <= 3; i++) if ((x[i] - y[i]) ^ 2 > 64) exit 1 }'; }
