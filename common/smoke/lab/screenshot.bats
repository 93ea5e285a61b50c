# SIZE, WIDTHxHEIGHT, is what the desktop's client asks for.

setup() {
  load lab
  load pixels
  WIDTH=${SIZE%x*}
  HEIGHT=${SIZE#*x}
}

@test "a picture of the desktop" {
  desktop box
  [ "$(desktop_size box)" = "$SIZE" ] || resize box "$SIZE"
  poll 20 panel_spans "$WIDTH" "$HEIGHT"
  as_user box xfce4-terminal --disable-server --title=Terminal --geometry=80x16+240+140 3>&- &
  poll 15 on_x box xdotool search --onlyvisible --name '^Terminal$'
  poll 20 all_shown
}

# all_shown: the terminal has its prompt, and the wallpaper reaches the right edge.
all_shown() {
  picture box /report/desktop.png &&
    region /report/desktop.png 400x40+250+190 /tmp/prompt.png && [ "$(colours /tmp/prompt.png)" -gt 4 ] &&
    region /report/desktop.png "1x$((HEIGHT - 36))+$((WIDTH - 1))+0" /tmp/edge.png && [ "$(colours /tmp/edge.png)" -gt 20 ]
}
