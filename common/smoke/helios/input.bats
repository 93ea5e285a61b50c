# Keys, mouse and touch from the browser reach an application.

setup() { load ../lab/lab; }

typed() { [ "$(cat "$(rootfs box)/home/bob/typed" 2>/dev/null)" = "$1" ]; }

focused() { [ "$(on_x box xdotool getwindowfocus getwindowname)" = prompt ]; }

@test "a line typed in the browser ends up in a file" {
  desktop box
  page box
  as_user box xfce4-terminal --disable-server --title=prompt --geometry=60x12+200+150 --command "sh -c 'read -r line; printf %s \"\$line\" >/home/bob/typed'" 3>&- &
  poll 15 on_x box xdotool search --onlyvisible --name '^prompt$'
  click_prompt() { browse box click 400 260 && focused; }
  poll 10 click_prompt
  browse box type 'Helios 42: ~/a_b?'
  browse box press Enter
  poll 10 typed 'Helios 42: ~/a_b?'
}

@test "a click in the browser opens the panel's menu" {
  desktop box
  page box
  menus() { on_x box xdotool search --onlyvisible --class '^xfce4-panel$' | wc -l; }
  local before
  before=$(menus)
  more() { [ "$(menus)" -gt "$before" ]; }
  click_menu() { browse box click 60 702 && more; }
  poll 10 click_menu
}

# touches BUTTONS ARG...: a touch gets an application of the desktop those presses and releases of buttons, each with its place.
touches() {
  : >/tmp/told
  browse box touch "${@:2}"
  poll 1 told "$1"
}

told() {
  local buttons
  buttons=$(sed -n '/^Button/{N;N;s/^Button\([A-Z][a-z]*\) .* root:(\([0-9,]*\)).* button \([0-9]\).*/\1 \3 \2/p}' /tmp/told | xargs)
  echo "told: $buttons"
  [ "$buttons" = "$1" ]
}

@test "on a touch screen a tap clicks, two fingers or a long touch click right, and a finger drags" {
  desktop box
  page box --touch
  on_x box stdbuf --output=L xev -geometry 300x200+200+150 -event button >>/tmp/told 2>&1 3>&- &
  poll 15 on_x box xdotool search --onlyvisible --name '^Event Tester$'
  poll 10 touches 'Press 1 350,250 Release 1 350,250' 350 250
  poll 10 touches 'Press 3 350,250 Release 3 350,250' --fingers=2 350 250
  poll 10 touches 'Press 3 350,250 Release 3 350,250' --ms=1200 350 250
  poll 10 touches 'Press 1 350,250 Release 1 450,300' 350 250 450 300
}
