# Keys, mouse and touch from the browser reach an application.

setup() { load ../lab/lab && load ../lab/keyboard; }

@test "a line typed in the browser ends up in a file" {
  desktop box
  page box
  prompt
  browse box click 400 260
  has_focus prompt
  browse box type 'Helios 42: ~/a_b?'
  browse box press Enter
  poll 10 typed 'Helios 42: ~/a_b?'
}

@test "a click in the browser opens the panel's menu" {
  desktop box
  page box
  menu_opens browse box click 60 702
}

# pointed X Y: a click at that place of the page comes to the pixel of the desktop that is drawn there, or one beside it.
pointed() {
  local wanted X Y
  browse box click "$1" "$2"
  read -ra wanted <<<"$(browse box drawn "$1" "$2")"
  eval "$(on_x box xdotool getmouselocation --shell)"
  echo "a click at $1,$2, where ${wanted[*]} is drawn, came to $X $Y"
  ((X - wanted[0] <= 1 && wanted[0] - X <= 1 && Y - wanted[1] <= 1 && wanted[1] - Y <= 1))
}

@test "a click is where the pointer is, however much the browser magnifies the page" {
  desktop box
  page box
  local zoom width height
  for zoom in 0.67 1.1 1.25 1.5 2; do
    browse box resize --zoom=$zoom 1280x720
    width=$(browse box look innerWidth) height=$(browse box look innerHeight)
    poll 10 pointed 3 3
    poll 10 pointed $((width / 2)) $((height / 2))
    poll 10 pointed $((width - 9)) 20
    poll 10 pointed $((width / 3)) $((height - 80))
    poll 10 pointed $((width - 9)) $((height - 9))
  done
}

@test "a pointer that is switched off in the desktop's settings is there after a restart" {
  desktop box
  run as_user box xfconf-query --channel=pointers --property=/KasmVNC_pointer/Properties/Device_Enabled --create --type=int --set=0
  begin restart box
  page box
  menu_opens browse box click 60 702
}

same_server() { [ "$(pid_of xvnc)" = "$1" ]; }

@test "a pointer that a program switches off doesn't end the X server, and can be switched on again" {
  desktop box
  page box
  local server
  server=$(pid_of xvnc)
  on_x box xinput disable 'KasmVNC pointer'
  holds 2 same_server "$server"
  on_x box xinput enable 'KasmVNC pointer'
  menu_opens browse box click 60 702
}

@test "who has swapped Ctrl and Alt on a keyboard of one's own gets them by their names" {
  desktop box
  page box
  key_window
  poll 10 keys 'Press Control_L 0x0 Press c 0x4 Release c 0x4 Release Control_L 0x4' \
    'down {"key": "Control", "code": "AltLeft", "location": 1, "ctrlKey": true}' 'down {"key": "c", "code": "KeyC", "ctrlKey": true}' \
    'up {"key": "c", "code": "KeyC", "ctrlKey": true}' 'up {"key": "Control", "code": "AltLeft", "location": 1}'
  poll 10 keys 'Press Alt_L 0x0 Press c 0x8 Release c 0x8 Release Alt_L 0x8' \
    'down {"key": "Alt", "code": "ControlLeft", "location": 1, "altKey": true}' 'down {"key": "c", "code": "KeyC", "altKey": true}' \
    'up {"key": "c", "code": "KeyC", "altKey": true}' 'up {"key": "Alt", "code": "ControlLeft", "location": 1}'
}

@test "when Command goes up on a Mac, so does all that it held, of which a Mac says nothing" {
  desktop box
  page box --platform=MacIntel
  key_window
  poll 10 keys 'Press Alt_L 0x0 Release Alt_L 0x8 Press Control_L 0x0 Press c 0x4 Release Control_L 0x4 Release c 0x0' \
    'down {"key": "Meta", "code": "MetaLeft", "location": 1, "metaKey": true}' 'down {"key": "c", "code": "KeyC", "metaKey": true}' \
    'up {"key": "Meta", "code": "MetaLeft", "location": 1}'
}

@test "keys for workspaces, of which there is one, reach the program" {
  desktop box
  page box
  key_window
  poll 10 keys 'Press Control_L 0x0 Press Alt_L 0x4 Press Left 0xc Release Left 0xc Release Alt_L 0xc Release Control_L 0x4' \
    'down {"key": "Control", "code": "ControlLeft", "location": 1, "ctrlKey": true}' \
    'down {"key": "Alt", "code": "AltLeft", "location": 1, "ctrlKey": true, "altKey": true}' \
    'down {"key": "ArrowLeft", "code": "ArrowLeft", "ctrlKey": true, "altKey": true}' \
    'up {"key": "ArrowLeft", "code": "ArrowLeft", "ctrlKey": true, "altKey": true}' \
    'up {"key": "Alt", "code": "AltLeft", "location": 1, "ctrlKey": true}' 'up {"key": "Control", "code": "ControlLeft", "location": 1}'
  poll 10 keys 'Press Control_L 0x0 Press F4 0x4 Release F4 0x4 Release Control_L 0x4' \
    'down {"key": "Control", "code": "ControlLeft", "location": 1, "ctrlKey": true}' 'down {"key": "F4", "code": "F4", "ctrlKey": true}' \
    'up {"key": "F4", "code": "F4", "ctrlKey": true}' 'up {"key": "Control", "code": "ControlLeft", "location": 1}'
}

moved() { tail -n 1 /tmp/moved; }

stands() {
  before=$(moved)
  sleep 1
  [ "$(moved)" = "$before" ]
}

@test "a program that moves the pointer itself is told how far the mouse moved, where the page's menu turns that on" {
  desktop box
  page box
  on_x box warper >/tmp/moved 3>&- &
  browse box relative
  browse box move 640 360 640 360
  poll 10 stands
  went() { echo "moved by $(($(moved) - before))" && [ "$(moved)" = $((before + 100)) ]; }
  browse box move 640 360 740 360
  poll 5 went
}

# touches BUTTONS ARG...: a touch gets an application of the desktop those presses and releases of buttons, each with its place.
touches() {
  : >/tmp/told
  browse box touch "${@:2}"
  poll 1 was_told "$1" '/^Button/{N;N;s/^Button\([A-Z][a-z]*\) .* root:(\([0-9,]*\)).* button \([0-9]\).*/\1 \3 \2/p}'
}

# The page's menu, which a touch in its first two seconds keeps open, ends at 340.
@test "on a touch screen a tap clicks, two fingers or a long touch click right, and a finger drags" {
  desktop box
  page box --touch
  event_tester button
  poll 10 touches 'Press 1 450,250 Release 1 450,250' 450 250
  poll 10 touches 'Press 3 450,250 Release 3 450,250' --fingers=2 450 250
  poll 10 touches 'Press 3 450,250 Release 3 450,250' --ms=1200 450 250
  poll 10 touches 'Press 1 400,250 Release 1 480,300' 400 250 480 300
}
