setup() {
  load ../lab/lab
  load ../lab/pixels
}

VIEWER=l00k-but

# watcher COMMAND...: an RFB client as the viewer.
watcher() { at box rfb "--user=viewer:$VIEWER" "$(url view/websockify ws)" "$@"; }

pointer() { on_x box xdotool getmouselocation --shell | head -n 2 | xargs; }

at_pointer() {
  pointer
  [ "$(pointer)" = "$1" ]
}

open_prompt() {
  as_user box xfce4-terminal --disable-server --title=prompt --geometry=60x12+200+150 --command "sh -c 'read -r line; printf %s \"\$line\" >/home/bob/typed'" 3>&- &
  poll 15 on_x box xdotool search --onlyvisible --name '^prompt$'
}

INPUT=(move 400 260 click type helios key enter copy planted resize 1600x900)

@test "/view/ shows the desktop in a browser" {
  desktop box "VIEW_PASSWORD=$VIEWER"
  browse box open "$(url view/)" "--user=viewer:$VIEWER"
  seen() { browse box screenshot /tmp/now.png && wallpaper_in /tmp/now.png && panel_in /tmp/now.png; }
  poll 20 seen
  browse box click 60 702
  browse box type x
  run at_pointer 'X=60 Y=702'
  assert_failure
}

@test "a viewer's keys, mouse, clipboard and size are dropped by the server" {
  desktop box "VIEW_PASSWORD=$VIEWER"
  open_prompt
  local before
  before=$(pointer)
  printf mine | on_x box xclip -i -selection clipboard >/dev/null 2>&1 3>&-
  watcher "${INPUT[@]}" capture /tmp/view.ppm
  magick /tmp/view.ppm /tmp/view.png
  assert panel_in /tmp/view.png
  assert_equal "$(pointer)" "$before"
  assert_equal "$(desktop_size box)" 1280x720
  assert_equal "$(on_x box timeout 2 xclip -o -selection clipboard)" mine
  assert [ ! -e "$(rootfs box)/home/bob/typed" ]
  client box "${INPUT[@]}"
  poll 5 at_pointer 'X=400 Y=260'
  sized() { [ "$(desktop_size box)" = 1600x900 ]; }
  poll 5 sized
}

@test "a viewer reaches nothing but /view/" {
  desktop box "VIEW_PASSWORD=$VIEWER"
  local path
  assert_equal "$(status box view/ --user "viewer:$VIEWER")" 200
  for path in '' vnc/ vnc/index.html websockify view/../websockify view/%2e%2e/websockify view/a/../../websockify; do
    echo "/$path"
    assert_equal "$(status box "$path" --user "viewer:$VIEWER")" 401
  done
  run at box rfb "--user=viewer:$VIEWER" "$(url websockify ws)"
  assert_output 'rfb: HTTP 401'
  local cookie
  cookie=$(at box curl --silent --head --user "viewer:$VIEWER" "$(url view/)" | sed -n 's/^[Ss]et-[Cc]ookie: *\([^;]*\).*/\1/p' | head -n 1)
  run at box rfb --header="Cookie: $cookie" "$(url websockify ws)"
  assert_output 'rfb: HTTP 401'
  assert_equal "$(status box view/)" 401
  assert_equal "$(status box view/websockify --user viewer:wrong)" 401
}

@test "without VIEW_PASSWORD there is no such page" {
  desktop box
  for path in view/ view/websockify view/vnc/; do assert_equal "$(status box "$path" --user "bob:$SECRET")" 404; done
}

@test "with AUTH=proxy a proxy can grant that path alone" {
  REQUIRED=(AUTH=proxy)
  desktop box
  assert_equal "$(status box view/)" 200
  local before
  before=$(pointer)
  at box rfb "$(url view/websockify ws)" "${INPUT[@]}"
  assert_equal "$(pointer)" "$before"
  assert_equal "$(desktop_size box)" 1280x720
}

@test "an empty VIEW_PASSWORD refuses" {
  refuses VIEW_PASSWORD VIEW_PASSWORD=
}
