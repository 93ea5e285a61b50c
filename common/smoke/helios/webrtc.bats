setup() { load ../lab/lab; }

is_rhel() { grep --quiet 'ID_LIKE=.*rhel' /image/etc/os-release; }

counted() { browse box counted | tee /dev/stderr | jq ".$1"; }

@test "WEBRTC=on brings frames over the data channel, and the RHEL family refuses it" {
  if is_rhel; then
    refuses WEBRTC WEBRTC=on
    return
  fi
  desktop box WEBRTC=on
  page box
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

@test "off by default: no UDP port, no upgrade, no STUN server in the page" {
  desktop box
  page box
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
  for value in yes ON 1 ''; do refuses WEBRTC "WEBRTC=$value"; done
  for value in host 1.2.3 1.2.3.4.5 '1.2.3.4;id' ::1 ''; do refuses WEBRTC_ADDRESS WEBRTC=on "WEBRTC_ADDRESS=$value"; done
}
