# A client's SetDesktopSize is honoured.

setup() {
  load ../lab/lab
  load ../lab/pixels
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
