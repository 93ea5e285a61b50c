# The browser's size becomes the desktop's.

setup() {
  load ../lab/lab
  load ../lab/pixels
}

sized() {
  echo "the desktop is $(desktop_size box)"
  [ "$(desktop_size box)" = "$1" ]
}

@test "the browser's size becomes the desktop's, and the panel follows" {
  desktop box
  page box --size=1024x640
  poll 10 sized 1024x640
  browse box resize 1600x900
  poll 10 sized 1600x900
  poll 10 panel_spans 1600 900
  picture box /tmp/resized.png
  assert_equal "$(magick identify -format '%wx%h' /tmp/resized.png)" 1600x900
}
