# Port 3000 shows the desktop in a browser: panel, wallpaper and an opened window. No link makes the page show another server. Without TLS it
# says what browsers keep from it.

setup() {
  load ../lab/lab
  load ../lab/pixels
}

@test "port 3000 answers with the page" {
  desktop box
  run fetch box '' --write-out '%{content_type}'
  assert_output --regexp '<html.*text/html'
}

@test "a browser shows panel, wallpaper and an opened window at their places" {
  desktop box
  page box
  assert_equal "$(desktop_size box)" 1280x720
  poll 20 wallpaper_shown
  poll 10 panel_shown
  browse box screenshot /tmp/before.png
  terminal opened --hide-menubar
  poll 10 window_shown
  assert_equal "$(browse box look 'document.querySelector("#notice").hidden')" true
  cp /tmp/now.png /report/desktop.png
}

wallpaper_shown() { browse box screenshot /tmp/now.png && wallpaper_in /tmp/now.png; }

panel_shown() { browse box screenshot /tmp/now.png && panel_in /tmp/now.png; }

window_shown() { browse box screenshot /tmp/now.png && window_in /tmp/now.png /tmp/before.png; }

in_front() { window_shown && panel_in /tmp/now.png; }

@test "a tab that was behind others shows the desktop as it is by then" {
  desktop box
  page box
  poll 20 panel_shown
  browse box screenshot /tmp/before.png
  browse box behind
  terminal opened --hide-menubar
  sleep 10
  browse box front
  poll 1 in_front
}

@test "a link can't make the page show another server, and the page may speak with its own alone" {
  desktop box
  browse box open "$(url "vnc/index.html?autoconnect=1&host=$CLIENT&port=9&encrypt=1&path=//$CLIENT:9/elsewhere")" "--user=bob:$SECRET"
  run fetch box vnc/index.html --head
  assert_output --regexp "[Cc]ontent-[Ss]ecurity-[Pp]olicy:.*connect-src 'self'"
  run browse box look "new Promise((done) => { addEventListener('securitypolicyviolation', (event) => done(event.effectiveDirective)); try { new WebSocket('ws://$CLIENT:9/') } catch {} })"
  assert_output connect-src
}

# told: what the page says after its microphone was asked for.
told() { browse box look '((line) => { line.hidden = true; mic(); return line.checkVisibility() ? line.textContent : "" })(document.querySelector("#notice"))'; }

@test "a page that came without TLS from another machine says that microphone and clipboard need it" {
  desktop box
  page box --clear
  run browse box look 'document.querySelector("#notice").textContent'
  assert_output --partial HTTPS
  run told
  assert_output --regexp 'HTTPS.*microphone.*clipboard'
}

@test "no other site may frame the page" {
  desktop box
  run fetch box '' --head
  assert_output --regexp "[Cc]ontent-[Ss]ecurity-[Pp]olicy:.*frame-ancestors 'self'"
  refute_output --regexp '[Aa]ccess-[Cc]ontrol-[Aa]llow-[Oo]rigin: *\*'
}

@test "a TITLE, a locale or a time zone that is none refuses" {
  local setting
  for setting in TITLE=$'a\nb' "TITLE=$(printf 't%.0s' {1..101})" 'LANG=$(id)' LC_ALL=../.. 'LC_ALL=a b' TZ=../etc/passwd TZ=/etc/passwd 'TZ=;id'; do
    refuses "${setting%%=*}" "$setting"
  done
}
