# Sound is played and recorded by pulseaudio, on `/var/run/kvdi/pulse-server`.

setup() {
  load ../lab/lab
  load ../lab/sound
}

server() { printf 'unix:%s/run/kvdi/pulse-server' "$(rootfs box)"; }

answers() { PULSE_SERVER=$(server) pactl info; }

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
