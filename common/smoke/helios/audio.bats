# A tone played in the desktop is found by its frequency in what the browser gets. The microphone goes the other way.

setup() {
  load ../lab/lab
  load ../lab/sound
}

answers() { as_user box pactl info; }

@test "what the desktop plays reaches the browser without a click, from the start" {
  desktop box
  poll 10 answers
  page box
  tone 440 "$(rootfs box)/tmp/tone.wav"
  as_user box paplay /tmp/tone.wav 3>&- &
  poll 10 arrived
  heard 440 /report/playback.wav
  run heard 880 /report/playback.wav
  assert_failure
}

@test "the page plays what it gets" {
  desktop box
  poll 10 answers
  page box
  browse box click 640 300
  tone 660 "$(rootfs box)/tmp/tone.wav"
  as_user box paplay /tmp/tone.wav 3>&- &
  played() {
    wav /tmp/played.raw /report/played.wav "$(browse box played /tmp/played.raw)"
    awk -v got="$(seconds_of /report/played.wav)" 'BEGIN { exit !(got > 2) }'
  }
  poll 10 played
  heard 660 /report/played.wav
}

@test "what is said into the browser's microphone is what the desktop records" {
  desktop box
  poll 10 answers
  page box --voice=880
  browse box microphone
  recorded() {
    as_user box timeout 3 parecord --latency-msec=50 --format=s16le --rate=44100 --channels=2 --file-format=wav /tmp/recorded.wav || true
    cp "$(rootfs box)/tmp/recorded.wav" /report/recording.wav
    heard 880 /report/recording.wav
  }
  poll 15 recorded
}

@test "a stranger gets no sound" {
  desktop box
  for transport in polling websocket; do
    run at box socketio "--transport=$transport" "$(url '')" "${BASE}audio/socket.io" wait 1
    assert_failure
    assert_output --partial 401
  done
}
