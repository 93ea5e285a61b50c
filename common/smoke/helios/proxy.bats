# `AUTH=proxy` leaves passwords to a proxy that `PROXY_SECRET` or `HOSTS` tells from others. What proxies say counts from `TRUSTED_PROXY`
# alone, of several in a row too; they may drop the port. With `HTTPS=on` no password goes in the clear.

setup() { load ../lab/lab; }

PROXY_SECRET=Proxy.s-and_nothing~but+it/knows=

@test "AUTH=proxy leaves it to a proxy" {
  REQUIRED=(AUTH=proxy "HOSTS=$ADDRESS")
  desktop box
  assert_equal "$(status box '')" 200
  run at box rfb "$(url websockify ws)"
  assert_success
}

@test "HOSTS are the only names that the desktop is asked for by" {
  REQUIRED=(AUTH=proxy "HOSTS=desk.example,$ADDRESS,[$ADDRESS6]")
  desktop box
  local name
  for name in desk.example DESK.example:8443 "$ADDRESS" "[$ADDRESS6]:3000"; do
    echo "$name"
    assert_equal "$(status box '' --header "Host: $name")" 200
  done
  for name in evil.example desk.example.evil.example xdesk.example "$ADDRESS.evil.example"; do
    echo "$name"
    assert_equal "$(status box '' --header "Host: $name")" 421
    assert_equal "$(status box '' --header "Host: $name" --header 'X-Forwarded-Host: desk.example')" 421
    run at box rfb "--header=Host: $name" "--origin=http://$name" "$(url websockify ws)"
    assert_output 'rfb: HTTP 421'
    run at box rfb "--header=Host: $name" "--origin=http://$name" "$(url view/websockify ws)"
    assert_output 'rfb: HTTP 421'
  done
  assert_equal "$(status box health --header 'Host: 192.0.2.7:3000')" 200
}

@test "PROXY_SECRET tells the proxy from all others" {
  REQUIRED=(AUTH=proxy "PROXY_SECRET=$PROXY_SECRET")
  desktop box
  local path wrong
  assert_equal "$(status box '' --header "X-Proxy-Secret: $PROXY_SECRET")" 200
  run at box rfb "--header=X-Proxy-Secret: $PROXY_SECRET" "$(url websockify ws)"
  assert_success
  for path in '' vnc/ view/ 'audio/socket.io/?EIO=4&transport=polling'; do
    echo "/$path"
    assert_equal "$(status box "$path")" 403
    for wrong in x "${PROXY_SECRET%?}" "${PROXY_SECRET}0" "${PROXY_SECRET,,}" "${PROXY_SECRET//./x}"; do
      assert_equal "$(status box "$path" --header "X-Proxy-Secret: $wrong")" 403
    done
  done
  for path in websockify view/websockify; do
    run at box rfb "$(url "$path" ws)"
    assert_output 'rfb: HTTP 403'
  done
  assert_equal "$(status box health)" 200
  run grep --recursive --devices=skip --text --files-with-matches --fixed-strings "$PROXY_SECRET" "$LAB/box/log" "$(rootfs box)/run/s6"
  assert_output ''
  assert [ ! -e "$(rootfs box)/run/helios/secret" ]
  run processes box
  refute_output --partial "$PROXY_SECRET"
}

@test "what a proxy says of the page's host and of encryption counts from TRUSTED_PROXY alone" {
  desktop box "TRUSTED_PROXY=192.0.2.0/24,$CLIENT"
  local -a says=(--user "bob:$SECRET" --header 'Origin: https://desk.example' --header 'X-Forwarded-Host: desk.example' --header 'X-Forwarded-Proto: https')
  assert_equal "$(status box '' "${says[@]}")" 200
  run fetch box '' --head "${says[@]}"
  assert_output --regexp '[Ss]et-[Cc]ookie: __Host-[^;]*; Path=/; .*; Secure'
  assert_output --regexp '[Ss]trict-[Tt]ransport-[Ss]ecurity: max-age='
  discard box
  desktop box TRUSTED_PROXY=192.0.2.0/24
  assert_equal "$(status box '' "${says[@]}")" 403
  run fetch box '' --head --header 'X-Forwarded-Proto: https'
  refute_output --regexp 'Secure|__Host-|[Ss]trict-[Tt]ransport'
}

# socket ORIGIN HOST [HEADER...]: the answer to a websocket's handshake that a page of that origin asks for by way of a proxy.
socket() {
  local header more=()
  for header in "Host: $2" "${@:3}"; do more+=("--header=$header"); done
  run at box rfb "--user=bob:$SECRET" "--origin=$1" "${more[@]}" "$(url websockify ws)"
}

PAGE=https://desk.example:8443

@test "the desktop opens where a proxy drops the port, names the default one or stands behind another" {
  desktop box "TRUSTED_PROXY=$CLIENT"
  local -a ways=("desk.example" "DESK.example" "desk.example|Sec-Fetch-Site: same-origin" "$ADDRESS:3000|X-Forwarded-Host: desk.example:8443"
    "$ADDRESS:3000|X-Forwarded-Host: desk.example:8443, inner.example" "inner.example|X-Forwarded-Host: desk.example,inner.example:80"
    "$ADDRESS:3000|X-Forwarded-Host: desk.example|X-Forwarded-Port: 8443")
  local way headers
  for way in "${ways[@]}"; do
    echo "$way"
    IFS='|' read -ra headers <<<"$way"
    socket "$PAGE" "${headers[@]}"
    assert_success
  done
  socket https://desk.example desk.example:443
  assert_success
  socket http://desk.example desk.example:80
  assert_success
}

@test "other sites stay out where it does" {
  desktop box "TRUSTED_PROXY=$CLIENT"
  local -a ways=("evil.example" "desk.example.evil.example" "desk.example:3000" "desk.example|Sec-Fetch-Site: same-site" "desk.example|Sec-Fetch-Site: cross-site"
    "$ADDRESS:3000|X-Forwarded-Host: evil.example, inner.example" "$ADDRESS:3000|X-Forwarded-Host: desk.example:3000")
  local way headers
  for way in "${ways[@]}"; do
    echo "$way"
    IFS='|' read -ra headers <<<"$way"
    socket "$PAGE" "${headers[@]}"
    assert_output 'rfb: HTTP 403'
  done
  socket "$PAGE" desk.example:443
  assert_output 'rfb: HTTP 403'
}

@test "of several proxies' names each must be one of HOSTS" {
  REQUIRED=(AUTH=proxy "HOSTS=desk.example,inner.example" "TRUSTED_PROXY=$CLIENT")
  desktop box
  local names
  for names in desk.example desk.example:8443,inner.example 'desk.example, inner.example:80'; do
    assert_equal "$(status box '' --header "X-Forwarded-Host: $names")" 200
  done
  for names in evil.example 'desk.example, evil.example' 'evil.example, inner.example' desk.example.evil.example; do
    echo "$names"
    assert_equal "$(status box '' --header "X-Forwarded-Host: $names")" 421
  done
}

@test "with HTTPS=on no password is asked for in the clear" {
  desktop box HTTPS=on
  local path
  for path in '' vnc/index.html websockify 'audio/socket.io/?EIO=4&transport=polling'; do
    run at box curl --silent --output /dev/null --user "bob:$SECRET" --write-out '%{http_code} %{redirect_url}' "$(url "$path")"
    assert_output "308 https://$ADDRESS:3001/$path"
  done
  run at box curl --silent --insecure --head --user "bob:$SECRET" "https://$ADDRESS:3001/"
  assert_output --regexp '[Ss]et-[Cc]ookie: __Host-[^;]*; Path=/; .*; Secure'
  assert_output --regexp '[Ss]trict-[Tt]ransport-[Ss]ecurity: max-age='
}

@test "a PROXY_SECRET, HOSTS or TRUSTED_PROXY that is none refuses" {
  local value
  for value in 0123456789abcde '0123456789abcdef"' '0123456789abcdef\E'; do refuses PROXY_SECRET "PROXY_SECRET=$value"; done
  for value in 'desk.example"' desk.example:80 '*.example'; do refuses HOSTS "HOSTS=$value"; done
  for value in 10.0.0.0/0 fd00::1::2 desk.example '10.0.0.1;'; do refuses TRUSTED_PROXY "TRUSTED_PROXY=$value"; done
}
