# A key comes as what it is: one of the keypad as the keypad's, a letter of any layout as that letter in terminals and in fields of a form.
# The page keeps none for itself.

setup() { load ../lab/lab && load ../lab/keyboard; }

@test "digits of the keypad are the keypad's, whatever NumLock is" {
  desktop box
  page box
  key_window
  keypad() { keys "Press $1 0x0 Release $1 0x0" "down {\"key\": \"$2\", \"code\": \"$3\", \"location\": 3}" "up {\"key\": \"$2\", \"code\": \"$3\", \"location\": 3}"; }
  poll 10 num_lock_is_on browse box press a
  poll 10 keypad KP_5 5 Numpad5
  poll 10 keypad KP_Home Home Numpad7
  poll 10 keypad KP_5 5 Numpad5
}

menu_is_closed() { [ "$(browse box look "$FRAME.querySelector('#noVNC_control_bar').classList.contains('noVNC_open')")" = false ]; }

FRAME="document.querySelector('iframe').contentDocument"

@test "Ctrl+Shift with 1, 2 and 3 are the program's alone" {
  desktop box
  page box
  key_window
  local held='Press Control_L 0x0 Press Shift_L 0x4' let='Release Shift_L 0x5 Release Control_L 0x4' key
  local names=([1]=exclam [2]=at [3]=numbersign)
  chords() {
    : >/tmp/told
    browse box chord Control Shift "Digit$1"
    poll 1 told_keys "$held Press ${names[$1]} 0x5 Release ${names[$1]} 0x5 $let"
  }
  # It closes by itself at first.
  poll 10 menu_is_closed
  for key in 1 2 3; do poll 10 chords "$key"; done
  assert_equal "$(browse box look "$FRAME.pointerLockElement")" null
  assert menu_is_closed
}

# hit KEY CODE [FLAGS]: one more key goes down and up among events, which the page gets.
hit() { events+=("down {\"key\": \"$1\", \"code\": \"$2\"${3:+, $3}}" "up {\"key\": \"$1\", \"code\": \"$2\"${3:+, $3}}"); }

# types TEXT: what the page gets of a keyboard that has a key for each of its letters.
types() {
  local letter events=()
  while IFS= read -r letter; do hit "$letter" KeyA; done < <(grep --only-matching . <<<"$1")
  browse box key "${events[@]}"
}

@test "letters of seven layouts and an emoji are read by a terminal and by a field of a form" {
  desktop box
  page box
  letters_arrive types 'browse box click 400 260' 'browse box press Enter' 'browse box chord Control Shift n'
}

# third_level PLATFORM [DOWN]: the key by which keyboards have their third level goes down, or up, as browsers tell it there.
third_level() {
  local way=${2:-up} held=${2:+true}
  held=${held:-false}
  event() { echo "$way {\"key\": \"$1\", \"code\": \"$2\", \"location\": $3, \"ctrlKey\": $4, \"altKey\": $5, \"modifierAltGraph\": $6}"; }
  case $1 in
    MacIntel) event Alt AltLeft 1 false "$held" false ;;
    Win32) event Control ControlLeft 1 "$held" false false && event AltGraph AltRight 2 "$held" "$held" "$held" ;;
    *) event AltGraph AltRight 2 false false "$held" ;;
  esac
}

# What keys of German, French, Spanish and Polish keyboards have there, and what comes of a dead key and another.
THIRD=(@KeyQ €KeyE '{Digit7' '~Semicolon' łKeyL żKeyZ)
COMPOSED=(êKeyE ïKeyI ñKeyN)

# reads_levels PLATFORM: a terminal reads those from a browser there.
reads_levels() {
  local key flags events=()
  case $1 in
    MacIntel) flags='"altKey": true' ;;
    Win32) flags='"ctrlKey": true, "altKey": true, "modifierAltGraph": true' ;;
    *) flags='"modifierAltGraph": true' ;;
  esac
  export LC_ALL=C.UTF-8
  desktop box
  page box --platform="$1"
  prompt
  browse box click 400 260
  has_focus prompt
  for key in "${THIRD[@]}"; do
    mapfile -t -O ${#events[@]} events < <(third_level "$1" down)
    hit "${key:0:1}" "${key:1}" "$flags"
    mapfile -t -O ${#events[@]} events < <(third_level "$1")
  done
  for key in "${COMPOSED[@]}"; do hit Dead BracketLeft && hit "${key:0:1}" "${key:1}"; done
  hit Enter Enter
  browse box key "${events[@]}"
  poll 10 typed '@€{~łżêïñ'
}

@test "AltGr and dead keys arrive from Linux" {
  reads_levels 'Linux x86_64'
}

@test "AltGr and dead keys arrive from Windows" {
  reads_levels Win32
}

@test "Option and dead keys arrive from a Mac" {
  reads_levels MacIntel
}

@test "what a phone's keyboard writes, and puts right, arrives" {
  [ "$BROWSER" = chromium ] || skip 'its protocol has no such keyboard'
  export LC_ALL=C.UTF-8
  desktop box
  page box --touch
  prompt
  browse box touch 400 260
  has_focus prompt
  browse box keyboard
  browse box phone 'compose g' 'compose gr' 'compose gru' 'write grün ' 'write 😀x' erase 'compose あ' 'write 亜'
  on_x box xdotool key Return
  poll 10 typed 'grün 😀亜'
}
