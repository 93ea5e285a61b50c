# The clipboard works both ways; what is selected alone stays in the desktop. `CLIPBOARD` limits it at the server.

setup() {
  load ../lab/lab
  load ../lab/clipboard
}

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
  [ "$BROWSER" = chromium ] || skip 'it asks each time'
  desktop box
  page box
  pasted() {
    browse box copy 'from the browser: ü €'
    browse box click 640 300
    held 'from the browser: ü €'
  }
  poll 10 pasted
}

# pasted_by TEXT KEY...: the browser copies that text, and those keys paste it into a terminal.
pasted_by() {
  on_x box xdotool search --onlyvisible --name '^prompt$' windowfocus
  browse box copy "$1"
  browse box back
  browse box chord "${@:2}"
  browse box press Enter
  [ "$(tail -n 1 "$(rootfs box)/home/bob/typed")" = "$1" ]
}

@test "a key pastes what the browser copied last" {
  desktop box
  page box
  terminal prompt --command "sh -c 'while read -r line; do echo \"\$line\" >>/home/bob/typed; done'"
  browse box click 400 260
  poll 10 pasted_by 'first: ü €' Control Shift V
  poll 10 pasted_by second Control Shift V
  poll 10 pasted_by third Shift Insert
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

@test "a text of 2 MB goes both ways" {
  [ "$BROWSER" = chromium ] || skip 'it gives text to a key alone'
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
  hold_file /tmp/long.txt
  outwards() { browse box pasted | cmp - <(cat /tmp/long.txt && echo); }
  poll 20 outwards
}

@test "a picture of 5 MB goes both ways" {
  with_pictures 1280x1280
  poll 20 came_in /tmp/one.png
  hold_file /tmp/other.png -t image/png
  poll 20 came_out /tmp/other.png
}

@test "CLIPBOARD=in gives no picture either" {
  with_pictures 64x64 CLIPBOARD=in
  poll 20 came_in /tmp/one.png
  hold_file /tmp/other.png -t image/png
  stays_inside() { ! came_out /tmp/other.png; }
  holds 5 stays_inside
}

@test "CLIPBOARD=out takes no picture either" {
  with_pictures 64x64 CLIPBOARD=out
  browse box click 640 300
  hold_file /tmp/other.png -t image/png
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

@test "what is selected alone stays in the desktop, and what a client copies is there for the middle button" {
  desktop box
  client box pasted 4 >/tmp/pasted 2>&1 3>&- &
  local waiting=$!
  selected() {
    on_x box xclip -i -selection primary <(date +%N) >/dev/null 2>&1 3>&-
    poll 1 gone "$waiting"
  }
  poll 20 selected
  assert_regex "$(cat /tmp/pasted)" 'no clipboard within'
  handed inwards
  poll 5 held inwards
  assert_equal "$(on_x box timeout 5 xclip -o -selection primary)" inwards
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
