# shellcheck shell=bash
# Loaded by checks that judge what is seen of a desktop of 1280x720 with a panel 36 pixels high below.

# region FILE GEOMETRY FILE: that part of a picture.
region() { magick "$1" -crop "$2" +repage "$3"; }

colours() { magick "$1" -format %k info:; }

# unlike FILE FILE: how far two pictures differ, 0 to 1.
unlike() { magick compare -metric RMSE "$1" "$2" null: 2>&1 | sed 's/.*(\(.*\))/\1/'; }

below() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a < b) }'; }

# colour FILE X Y: a pixel as "RED GREEN BLUE", each 0 to 255.
colour() { magick "$1" -crop "1x1+$2+$3" -depth 8 rgb:- | od -An -tu1 | xargs; }

wallpaper() { rsvg-convert --width=1280 --height=720 /image/usr/share/backgrounds/helios.svg --output=/tmp/wanted.png; }

# wallpaper_in FILE: the wallpaper is seen right of the windows.
wallpaper_in() {
  wallpaper
  region "$1" 900x600+360+0 /tmp/seen.png
  region /tmp/wanted.png 900x600+360+0 /tmp/reference.png
  local distance
  distance=$(unlike /tmp/seen.png /tmp/reference.png)
  echo "wallpaper differs by $distance, $(colours /tmp/seen.png) colours"
  below "$distance" 0.03 && [ "$(colours /tmp/seen.png)" -gt 200 ]
}

# panel_in FILE: the panel is seen below.
panel_in() {
  wallpaper
  region "$1" 1280x36+0+684 /tmp/seen.png
  region /tmp/wanted.png 1280x36+0+684 /tmp/reference.png
  local distance
  distance=$(unlike /tmp/seen.png /tmp/reference.png)
  echo "panel differs from the wallpaper by $distance, $(colours /tmp/seen.png) colours"
  ! below "$distance" 0.2 && [ "$(colours /tmp/seen.png)" -gt 20 ]
}

# window_in FILE BEFORE: where a terminal of 60x12 was opened at 200,150 something else is seen than before.
window_in() {
  region "$1" 300x120+240+200 /tmp/seen.png
  region "$2" 300x120+240+200 /tmp/reference.png
  local distance
  distance=$(unlike /tmp/seen.png /tmp/reference.png)
  echo "the window's place differs from before by $distance"
  ! below "$distance" 0.1 && on_x box xprop -root _NET_CLIENT_LIST_STACKING | grep -q 0x
}

# panel_spans WIDTH HEIGHT: the panel is as wide as the desktop and ends at its bottom.
panel_spans() {
  local X Y WIDTH HEIGHT WINDOW SCREEN
  eval "$(on_x box xdotool search --onlyvisible --class '^xfce4-panel$' getwindowgeometry --shell)"
  [ "$WIDTH $((Y + HEIGHT))" = "$1 $2" ]
}
