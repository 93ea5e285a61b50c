# A key comes as what it is: one of the keypad as the keypad's, a letter of any layout as that letter in terminals and in fields of a form.

setup() { load ../lab/lab && load ../lab/keyboard; }

@test "digits of the keypad are the keypad's" {
  desktop box
  key_window
  poll 10 num_lock_is_on vnc box key a
  poll 10 pressed kp5 'Press KP_5 0x0 Release KP_5 0x0'
}

types() { keysyms "$1" "$(display_socket box)"; }

# TigerVNC has 19 keys for letters that the keyboard of the United States hasn't, gives none of them to another letter, and loses the first letter
# that anybody types where that is one of them.
WORDS='aäöüßÄ€ ñé żł жЯ あ漢 ب 😀'

@test "letters of seven layouts and an emoji are read by a terminal and by a field of a form" {
  desktop box
  letters_arrive types 'vnc box move 400 260 click 1' 'vnc box key enter' 'vnc box key ctrl-shift-n'
}
