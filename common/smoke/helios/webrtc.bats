# With `WEBRTC=on` frames arrive over the data channel. It is off by default, and no STUN server is asked. The RHEL family refuses it.

setup() { load ../lab/lab; }

counted() { browse box counted | tee /dev/stderr | jq ".$1"; }

# offered: whether the page's menu shows the switch for it.
offered() {
  browse box look "getComputedStyle(document.querySelector('iframe.vnc').contentDocument.getElementById('noVNC_setting_enable_webrtc').closest('li')).display !== 'none'"
}

@test "WEBRTC=on brings frames over the data channel, or refuses where the family of distros can't have it" {
  if without webrtc; then
    refuses 'WEBRTC=on' WEBRTC=on
    return
  fi
  desktop box WEBRTC=on
  page box
  assert_equal "$(offered)" true
  as_user box glxgears -geometry 300x300+500+200 3>&- &
  arrived() { [ "$(counted messages)" -gt 100 ] && [ "$(counted bytes)" -gt 100000 ]; }
  poll 25 arrived
  local before after
  before=$(counted messages)
  more() { after=$(counted messages) && [ "$after" -gt $((before + 50)) ]; }
  poll 10 more
  run browse box counted
  refute_output --partial stun
}

@test "off by default: no switch, no UDP port, no upgrade, no STUN server in the page" {
  desktop box
  page box
  assert_equal "$(offered)" false
  run beside box ss --listening --udp --numeric --no-header
  refute_output --regexp '(0\.0\.0\.0|\*|\[::\]|10\.77\.0\.2):'
  run client box upgrade 4
  refute_output --partial candidate
  holds 5 nothing_arrives
  run browse box counted
  refute_output --partial stun
}

nothing_arrives() { [ "$(counted messages)" = 0 ]; }

@test "another WEBRTC refuses" {
  for value in yes ON 1; do refuses WEBRTC "WEBRTC=$value"; done
  for value in host 1.2.3 1.2.3.4.5 '1.2.3.4;id' ::1; do refuses WEBRTC_ADDRESS WEBRTC=on "WEBRTC_ADDRESS=$value"; done
}
