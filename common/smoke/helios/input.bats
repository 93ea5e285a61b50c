# Keys and mouse from the browser reach an application.

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
