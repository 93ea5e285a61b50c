# A second monitor can be opened.

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
}

# green SCREEN: that window of the browser shows the terminal's colour where it was opened.
green() {
  browse box screenshot "--screen=$1" /tmp/now.png
  colour /tmp/now.png 400 260
  near "$(colour /tmp/now.png 400 260)" '20 80 60'
}

near() { awk -v a="$1" -v b="$2" 'BEGIN { split(a, x); split(b, y); for (i = 1; i <= 3; i++) if ((x[i] - y[i]) ^ 2 > 64) exit 1 }'; }
