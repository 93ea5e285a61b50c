# `PREFIX=/a/b`, with or without slashes at its ends, moves everything below that path.

setup() {
  load ../lab/lab
  load ../lab/pixels
  load ../lab/sound
}

@test "PREFIX moves everything below that path, with or without slashes at its ends" {
  local prefix path
  for prefix in /a/b a/b /a/b/ a/b/; do
    echo "PREFIX=$prefix"
    BASE=/a/b/
    boot box USER=bob UID=1000 "${REQUIRED[@]}" "PREFIX=$prefix"
    poll 30 healthy box
    fetch box '' | grep --quiet '<iframe'
    for path in '' vnc/ 'audio/socket.io/?EIO=4&transport=polling' public/js/kclient.js; do
      echo "$path"
      assert_equal "$(status box "$path" --user "bob:$SECRET")" 200
      assert_equal "$(status box "$path")" 401
    done
    run client box
    assert_success
    run at box curl --silent --output /dev/null --write-out '%{http_code} %header{location}' "http://$ADDRESS:3000/a/b"
    assert_output --regexp '^301 (http://[^/]+)?/a/b/$'
    BASE=/
    for path in '' vnc/ websockify 'audio/socket.io/?EIO=4&transport=polling' a a/ a/bc; do
      echo "$path"
      assert_equal "$(status box "$path" --user "bob:$SECRET")" 404
    done
    discard box
  done
}

@test "the desktop is seen and heard there in a browser" {
  BASE=/a/b/
  boot box USER=bob UID=1000 "${REQUIRED[@]}" PREFIX=/a/b
  poll 30 usable box
  poll 10 as_user box pactl info
  page box
  seen() { browse box screenshot /tmp/now.png && wallpaper_in /tmp/now.png && panel_in /tmp/now.png; }
  poll 20 seen
  tone 440 "$(rootfs box)/tmp/tone.wav"
  as_user box paplay /tmp/tone.wav 3>&- &
  poll 10 arrived
  heard 440 /report/playback.wav
}

@test "a PREFIX that is no path refuses" {
  for prefix in '/a|b' '/;return 200 x;#' '/../x' /a/./b '/a b' $'/a\nb' '/a//b' '/$uri' '/a"b' '/ü'; do refuses PREFIX "PREFIX=$prefix"; done
}
