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
