# shellcheck shell=bash
# Loaded by checks that judge what is heard of a desktop.

# tone HERTZ FILE: four seconds of it.
tone() { sox -n -r 44100 -c 2 -b 16 "$2" synth 4 sine "$1" gain -6; }

# heard HERTZ FILE: most of the recording's power lies within 20 Hz of that frequency.
heard() {
  local all near
  all=$(rms "$2")
  near=$(rms "$2" bandpass "$1" 40h)
  echo "$1 Hz: $near of $all"
  awk -v near="$near" -v all="$all" 'BEGIN { exit !(all > 0.05 && near > 0.8 * all) }'
}

rms() {
  local file=$1
  shift
  sox "$file" -n "$@" stat 2>&1 | awk '/RMS.*amplitude/ { print $3 }'
}

# wav RAW WAV [RATE]: samples of 16 bits in two channels.
wav() { sox -t raw -r "${3:-44100}" -e signed -b 16 -c 2 "$1" "$2"; }

seconds_of() { sox --info -D "$1"; }

# arrived: most of a tone's four seconds have reached the browser of "box", and are in /report/playback.wav.
arrived() {
  browse box sound /tmp/sound.raw
  wav /tmp/sound.raw /report/playback.wav
  awk -v got="$(seconds_of /report/playback.wav)" 'BEGIN { exit !(got > 3.6) }'
}
