# shellcheck shell=bash
# Loaded by checks of what comes of keys.

# key_window: a window of the event tester that has the focus and is told of keys.
key_window() {
  event_tester keyboard
  has_focus 'Event Tester'
}

# has_focus TITLE: waits until the window of that title has it.
has_focus() {
  local title=$1
  focused() { [ "$(on_x box xdotool getwindowfocus getwindowname)" = "$title" ]; }
  poll 10 focused
}

# told_keys KEYS: whether that window got these presses and releases of keys, each with the modifiers that were down before, but NumLock.
told_keys() { was_told "$1" '/^Key[PR]/{N;N;s/^Key\([A-Z][a-z]*\) .*state 0x1\{0,1\}\([0-9a-f]\), keycode [0-9]* (keysym 0x[0-9a-f]*, \([^)]*\)).*/\1 \3 0x\2/p}'; }

# num_lock_is_on COMMAND...: a letter that the command presses is told with the modifier that NumLock is. The first key of the keypad switches it on
# where it is off.
num_lock_is_on() {
  : >/tmp/told
  "$@"
  poll 1 was_told 'Press 0x10 Release 0x10' '/^Key[PR]/{N;N;s/^Key\([A-Z][a-z]*\) .*state \(0x[0-9a-f]*\), .*/\1 \2/p}'
}

# keys TOLD EVENT...: what the page gets, "down" or "up" and an event's members, is told to that window. A Meta that doesn't say its location,
# 1, is taken for the right one, as Safari's is.
keys() {
  : >/tmp/told
  browse box key "${@:2}"
  poll 1 told_keys "$1"
}

# pressed KEYS TOLD: keys that a client presses at once are told to that window.
pressed() {
  : >/tmp/told
  vnc box key "$1"
  poll 1 told_keys "$2"
}

# prompt: a terminal that keeps the line that is typed there. It gets the focus by a click at 400,260.
prompt() {
  terminal prompt --command "sh -c 'read -r line; printf %s \"\$line\" >/home/bob/typed'"
}

# typed TEXT: whether that is the line.
typed() {
  local line
  line=$(cat "$(rootfs box)/home/bob/typed" 2>/dev/null)
  echo "typed: $line"
  [ "$line" = "$1" ]
}

# German, French, Spanish, Polish, Russian, Japanese and Arabic, and a letter beyond Unicode's first 65536.
LETTERS='äöüßÄ€ éèçàœ ñ¿á żółćąę жщыЯё あア漢 ﻻب 😀'

# letters_arrive TYPES CLICK ENTER NEW: words that TYPES types come to a terminal, which CLICK has given the focus, as a line that ENTER ends, and
# to the field for the name of a folder, which NEW asks Thunar for. WORDS are some of LETTERS, or all.
letters_arrive() {
  export LC_ALL=C.UTF-8
  local types=$1 text=${WORDS:-$LETTERS}
  prompt
  $2
  has_focus prompt
  types_words
  $3
  poll 10 typed "$text"
  as_user box thunar /home/bob 3>&- &
  has_focus 'bob - Thunar'
  $4
  has_focus 'Create New Folder'
  types_words
  $3
  poll 10 is_folder "$text"
}

# types_words: as quickly as people do. The server has 19 keys to give to letters that no key has, and one that it gives to another letter may still
# be on its way to a program.
types_words() {
  local word before=
  for word in $text; do
    $types "$before$word"
    before=' '
  done
}

# is_folder NAME: whether the user's home has it.
is_folder() {
  ls "$(rootfs box)/home/bob"
  [ -d "$(rootfs box)/home/bob/$1" ]
}
