# shellcheck shell=bash
# Loaded by checks of the clipboard: what the desktop's own holds, and pictures that go in and out.

# held TEXT: the desktop's own clipboard is that.
held() {
  echo "the desktop's clipboard: $(on_x box timeout 2 xclip -o -selection clipboard 2>&1)"
  [ "$(on_x box timeout 2 xclip -o -selection clipboard 2>/dev/null)" = "$1" ]
}

# hold_file FILE [OPTION...]: a program of the desktop copies what is in it, as text or as xclip's options say.
hold_file() { on_x box xclip -i -selection clipboard "${@:2}" "$1" >/dev/null 2>&1 3>&-; }

# hold TEXT: the same of a text.
hold() { hold_file <(printf %s "$1"); }

# noise SIZE FILE.png: a picture, 5 MB at 1280x1280.
noise() { magick -size "$1" xc: +noise Random -depth 8 "png24:$2"; }

# with_pictures SIZE [KEY=VALUE...]: a desktop with its page open, and two pictures of that size.
with_pictures() {
  [ "$BROWSER" = chromium ] || skip 'it exchanges text alone'
  noise "$1" /tmp/one.png
  noise "$1" /tmp/other.png
  desktop box "${@:2}"
  page box
}

# came_in FILE.png: the browser copies that picture, and the desktop has it when its user comes back.
came_in() {
  browse box copy --file="$1"
  browse box click 640 300
  on_x box timeout 5 xclip -o -selection clipboard -t image/png >/tmp/came.png && same_picture "$1" /tmp/came.png
}

# came_out FILE.png: the browser has the picture that the desktop holds.
came_out() { browse box pasted --file=/tmp/left.png && same_picture "$1" /tmp/left.png; }

same_picture() { [ "$(magick compare -metric AE "$1" "$2" null: 2>&1)" = 0 ]; }
