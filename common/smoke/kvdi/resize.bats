setup() { load ../lab/lab; }

# panel_spans WIDTH HEIGHT: the panel is as wide as the desktop and ends at its bottom.
panel_spans() {
  local X Y WIDTH HEIGHT WINDOW SCREEN
  eval "$(on_x box xdotool search --onlyvisible --class '^xfce4-panel$' getwindowgeometry --shell)"
  [ "$WIDTH $((Y + HEIGHT))" = "$1 $2" ]
}

@test "a client's SetDesktopSize becomes the desktop's size, and the panel follows" {
  desktop box
  run set-desktop-size "$(display_socket box)" 1600 900
  assert_output 'status 0 size 1600x900'
  assert_equal "$(desktop_size box)" 1600x900
  poll 10 panel_spans 1600 900
  picture box /tmp/resized.png
  assert_equal "$(magick identify -format '%wx%h' /tmp/resized.png)" 1600x900
}
