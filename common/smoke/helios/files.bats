# There is no file server: no page, route or message of it.

setup() { load ../lab/lab; }

@test "the page has no file manager" {
  desktop box
  run fetch box ''
  assert_output --partial '<iframe'
  refute_output --regexp 'filebrowser|[Ff]ile [Mm]anager|id="files"|src="files"'
}

@test "the file server's routes are gone" {
  desktop box
  for path in files files/ public/filebrowser.html public/js/filebrowser.js files/socket.io/?EIO=4\&transport=polling vnc/Downloads/ Downloads/ api/downloads; do
    echo "$path"
    assert_equal "$(status box "$path" --user "bob:$SECRET")" 404
  done
}

@test "its messages do nothing on any socket" {
  desktop box
  local home
  home=$(rootfs box)/home/bob
  echo mine >"$home/keep"
  chown 1000:1000 "$home/keep"
  for socket in files audio view/audio; do
    run at box socketio "--user=bob:$SECRET" "$(url '')" "$BASE$socket/socket.io" emit open '[""]' emit getfiles '["/etc"]' \
      emit downloadfile '["/etc/passwd"]' emit uploadfile '[["/home/bob", "/home/bob/planted", "x", true]]' \
      emit createfolder '[["/home/bob/folder", "/home/bob"]]' emit deletefiles '[["/home/bob/keep", "/home/bob"]]' wait 2
    refute_output --regexp 'renderfiles|sendfile|root:'
    assert [ -s "$home/keep" ]
    assert [ ! -e "$home/planted" ]
    assert [ ! -e "$home/folder" ]
  done
}

@test "what no socket knows ends no service" {
  desktop box
  local before
  before=$(services box)
  at box socketio "--user=bob:$SECRET" "$(url '')" "${BASE}audio/socket.io" emit micdata '[null]' emit micdata '[{}]' emit micdata '[1e9]' \
    emit uploadfile '[]' emit open '[[]]' emit close '[[]]' emit open '[{}]' wait 1 >/dev/null
  assert_equal "$(services box)" "$before"
}
