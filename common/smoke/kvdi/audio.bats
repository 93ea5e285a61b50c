setup() { load ../lab/lab; }

server() { printf 'unix:%s/run/kvdi/pulse-server' "$(rootfs box)"; }

answers() { PULSE_SERVER=$(server) pactl info; }

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

FORMAT=(--latency-msec=50 --format=s16le --rate=44100 --channels=2 --file-format=wav)

@test "what the desktop plays is what a viewer hears" {
  desktop box
  poll 10 answers
  tone 440 "$(rootfs box)/tmp/tone.wav"
  as_user box paplay /tmp/tone.wav 3>&- &
  PULSE_SERVER=$(server) timeout 3 parecord --device=playback.monitor "${FORMAT[@]}" /report/playback.wav || true
  heard 440 /report/playback.wav
  run heard 880 /report/playback.wav
  assert_failure
}

@test "what a viewer says is what the desktop records" {
  desktop box
  poll 10 answers
  tone 880 /tmp/voice.wav
  PULSE_SERVER=$(server) paplay --device=microphone /tmp/voice.wav 3>&- &
  as_user box timeout 3 parecord "${FORMAT[@]}" /tmp/recorded.wav || true
  cp "$(rootfs box)/tmp/recorded.wav" /report/recording.wav
  heard 880 /report/recording.wav
}
