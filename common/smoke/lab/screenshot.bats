setup() { load lab; }

@test "a picture of the desktop" {
  desktop box
  as_user box xfce4-terminal --disable-server --title=Terminal --geometry=80x16+240+140 3>&- &
  poll 15 on_x box xdotool search --onlyvisible --name '^Terminal$'
  poll 10 prompt_shown
}

prompt_shown() {
  picture box /report/desktop.png
  [ "$(magick /report/desktop.png -crop 400x40+250+190 -format %k info:)" -gt 4 ]
}
