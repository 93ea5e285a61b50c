# An extended image adds a program by one file, and it runs on the display.

setup() { load ../lab/lab; }

@test "one file adds a program that runs on the display" {
  unpack box
  add_program box mine 'on-display xfce4-terminal --disable-server --title=mine'
  start box USER=bob UID=1000
  poll 30 on_x box xdotool search --onlyvisible --name '^mine$'
  run processes box
  assert_output --partial 'xfce4-terminal --disable-server --title=mine'
  poll 30 usable box
  # What supervisord keeps of its output lies where nobody but root makes files.
  assert_equal "$(find "$(rootfs box)/tmp" -name 'mine-std*')" ''
}
