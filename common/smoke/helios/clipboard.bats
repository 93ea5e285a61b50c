# The clipboard works both ways; `CLIPBOARD` limits it at the server.

setup() { load ../lab/lab; }

# held TEXT: the desktop's own clipboard is that.
held() {
  echo "the desktop's clipboard: $(on_x box timeout 2 xclip -o -selection clipboard 2>&1)"
  [ "$(on_x box timeout 2 xclip -o -selection clipboard 2>/dev/null)" = "$1" ]
}

# hold TEXT: a program of the desktop copies it.
hold() { printf %s "$1" | on_x box xclip -i -selection clipboard >/dev/null 2>&1 3>&-; }

pointer() { on_x box xdotool getmouselocation --shell | head -n 2 | xargs; }

# handed TEXT: a client hands the desktop a clipboard and stays; the server has read it when the pointer has moved.
handed() {
  client box copy "$1" move 321 123 stay 6 &
  at_pointer() { [ "$(pointer)" = 'X=321 Y=123' ]; }
  poll 15 at_pointer
}

# offered TEXT: a client that waits gets what a program copies.
offered() {
  client box pasted 4 >/tmp/pasted 2>&1 &
  local waiting=$!
  copied() { hold "$1" && poll 1 gone "$waiting"; }
  poll 20 copied "$1" || return 1
  wait "$waiting" || true
  cat /tmp/pasted
  [ "$(cat /tmp/pasted)" = "$1" ]
}

@test "what the browser copies can be pasted in the desktop" {
  desktop box
  page box
  pasted() {
    browse box copy 'from the browser: ü €'
    browse box click 640 300
    held 'from the browser: ü €'
  }
  poll 10 pasted
}

@test "what was copied elsewhere is there when its user comes back by a key, where the browser doesn't ask about it" {
  [ "$BROWSER" = chromium ] || skip 'it asks each time'
  desktop box
  page box
  returned() {
    browse box copy "$1"
    browse box back
    poll 2 held "$1"
  }
  for copied in first second third; do poll 10 returned "$copied"; done
}

@test "what the desktop copies can be pasted in the browser" {
  desktop box
  page box
  browse box click 640 300
  pasted() {
    hold 'from the desktop: ü €'
    browse box pasted
    [ "$(browse box pasted)" = 'from the desktop: ü €' ]
  }
  poll 10 pasted
}

# long: a text of 2 MB, which no program hands over at once.
long() { seq -f 'line %06.0f: ü €' 100000; }

# noise SIZE FILE.png: a picture, 5 MB at 1280x1280.
noise() { magick -size "$1" xc: +noise Random -depth 8 "png24:$2"; }

hold_picture() { on_x box xclip -i -selection clipboard -t image/png "$1" >/dev/null 2>&1 3>&-; }

# came_in FILE.png: the browser copies that picture, and the desktop has it when its user comes back.
came_in() {
  browse box copy --file="$1"
  browse box click 640 300
  on_x box timeout 5 xclip -o -selection clipboard -t image/png >/tmp/came.png && same_picture "$1" /tmp/came.png
}

# came_out FILE.png: the browser has the picture that the desktop holds.
came_out() { browse box pasted --file=/tmp/left.png && same_picture "$1" /tmp/left.png; }

same_picture() { [ "$(magick compare -metric AE "$1" "$2" null: 2>&1)" = 0 ]; }

@test "a text of 2 MB goes both ways" {
  desktop box
  page box
  long >/tmp/long.txt
  inwards() {
    browse box copy --file=/tmp/long.txt
    browse box click 640 300
    on_x box timeout 5 xclip -o -selection clipboard | cmp - /tmp/long.txt
  }
  poll 20 inwards
  browse box copy short
  on_x box xclip -i -selection clipboard /tmp/long.txt >/dev/null 2>&1 3>&-
  outwards() { browse box pasted | cmp - <(cat /tmp/long.txt && echo); }
  poll 20 outwards
}

@test "a picture of 5 MB goes both ways" {
  noise 1280x1280 /tmp/one.png
  noise 1280x1280 /tmp/other.png
  desktop box
  page box
  poll 20 came_in /tmp/one.png
  hold_picture /tmp/other.png
  poll 20 came_out /tmp/other.png
}

@test "CLIPBOARD=in gives no picture either" {
  noise 64x64 /tmp/one.png
  noise 64x64 /tmp/other.png
  desktop box CLIPBOARD=in
  page box
  poll 20 came_in /tmp/one.png
  hold_picture /tmp/other.png
  stays_inside() { ! came_out /tmp/other.png; }
  holds 5 stays_inside
}

@test "CLIPBOARD=out takes no picture either" {
  noise 64x64 /tmp/one.png
  noise 64x64 /tmp/other.png
  desktop box CLIPBOARD=out
  page box
  browse box click 640 300
  hold_picture /tmp/other.png
  poll 20 came_out /tmp/other.png
  stays_outside() { ! came_in /tmp/one.png; }
  holds 5 stays_outside
}

@test "a program that knows Latin-1 alone is pasted what was copied, and nothing that lies behind it" {
  desktop box
  handed 'äöüß'
  assert_equal "$(on_x box timeout 5 xclip -o -selection clipboard -t STRING | od -An -v -tx1 | tr -d ' \n')" e4f6fcdf
}

@test "CLIPBOARD=both, the default, lets any client hand one in and get one" {
  desktop box
  handed inwards
  poll 5 held inwards
  offered outwards
}

@test "CLIPBOARD=in gives no client the desktop's clipboard" {
  desktop box CLIPBOARD=in
  handed inwards
  poll 5 held inwards
  run offered outwards
  assert_failure
  assert_output --partial 'no clipboard within'
}

@test "CLIPBOARD=out takes no client's clipboard" {
  desktop box CLIPBOARD=out
  hold before
  handed inwards
  assert held before
  offered outwards
}

@test "CLIPBOARD=off takes and gives none" {
  desktop box CLIPBOARD=off
  hold before
  handed inwards
  assert held before
  run offered outwards
  assert_failure
  assert_output --partial 'no clipboard within'
}

@test "another CLIPBOARD refuses" {
  for value in yes IN 'in out'; do refuses CLIPBOARD "CLIPBOARD=$value"; done
}
