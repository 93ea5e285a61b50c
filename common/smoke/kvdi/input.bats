# Typed keys end up in a file.

setup() { load ../lab/lab && load ../lab/keyboard; }

@test "a typed line ends up in a file" {
  desktop box
  prompt
  vnc box move 400 260 click 1
  has_focus prompt
  vnc box type 'helios 42' key enter
  poll 10 typed 'helios 42'
}

@test "a click opens the panel's menu" {
  desktop box
  menu_opens vnc box move 60 702 click 1
}

@test "a pointer that is switched off in the desktop's settings is there after a restart" {
  desktop box
  run as_user box xfconf-query --channel=pointers --property=/TigerVNC_pointer/Properties/Device_Enabled --create --type=int --set=0
  begin restart box
  menu_opens vnc box move 60 702 click 1
}

@test "keys for workspaces, of which there is one, reach the program" {
  desktop box
  key_window
  poll 10 pressed ctrl-alt-left 'Press Control_L 0x0 Press Alt_L 0x4 Press Left 0xc Release Left 0xc Release Alt_L 0xc Release Control_L 0x4'
  poll 10 pressed ctrl-f4 'Press Control_L 0x0 Press F4 0x4 Release F4 0x4 Release Control_L 0x4'
}
