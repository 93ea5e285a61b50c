# With `PASSWORD`, no or a wrong password gets 401 on every path but `/health` and `/health/live`, websockets included. With neither that
# nor `AUTH=proxy` the container ends. Each login is logged, with no word of what was typed.

setup() { load ../lab/lab; }

PATHS=('' index.html vnc/ vnc/index.html vnc/vnc.html vnc/screen.html websockify audio/socket.io/?EIO=4\&transport=polling
  public/js/kclient.js favicon.ico manifest.json api/get_users api/create_user files nowhere healthy health/)

WEBSOCKET=(--header 'Connection: Upgrade' --header 'Sec-WebSocket-Version: 13')

VIEWER=l00k-but

# upgrade NAME PATH [OPTION...]: the HTTP status of a websocket's handshake by curl.
upgrade() { status "$1" "$2" --http1.1 --max-time 3 "${WEBSOCKET[@]}" --header 'Upgrade: websocket' "${@:3}"; }

repeated() { printf "%.0s$1" $(seq "$2"); }

@test "no, a blank or a wrong password gets 401 on every path but /health" {
  desktop box
  local path credentials
  for path in "${PATHS[@]}"; do
    echo "/$path"
    assert_equal "$(status box "$path")" 401
    assert_equal "$(status box "$path" --user bob:wrong)" 401
    assert_equal "$(status box "$path" --request POST --data x)" 401
  done
  for credentials in bob: ":$SECRET" "root:$SECRET" "BOB:$SECRET" "viewer:$SECRET" "bob:$SECRET " "bob:$(repeated a 300)"; do
    echo "$credentials"
    assert_equal "$(status box '' --user "$credentials")" 401
  done
  for header in Basic 'Basic !' "Basic $(printf bob | base64)" "Bearer $SECRET" 'Basic Og=='; do
    assert_equal "$(status box '' --header "Authorization: $header")" 401
  done
  assert_equal "$(status box '' --user "bob:$SECRET")" 200
}

@test "no websocket opens for a stranger" {
  desktop box
  local path
  for path in websockify vnc/websockify view/websockify 'audio/socket.io/?EIO=4&transport=websocket'; do
    for user in bob:wrong viewer:wrong "owner:$SECRET"; do
      run at box rfb "--user=$user" "$(url "$path" ws)"
      assert_failure
      assert_output --regexp '^rfb: HTTP 40[14]$'
    done
    run at box rfb "$(url "$path" ws)"
    assert_output --regexp '^rfb: HTTP 40[14]$'
  done
  run client box
  assert_success
}

@test "a session's cookie is worth a password, and a forged one is not" {
  desktop box
  run fetch box '' --head
  assert_output --regexp '[Ss]et-[Cc]ookie:.*HttpOnly'
  assert_output --regexp '[Ss]et-[Cc]ookie:.*SameSite=Strict'
  local mine
  mine=$(cookie box "bob:$SECRET")
  assert [ "${#mine}" -ge 32 ]
  assert_equal "$(status box '' --header "Cookie: $mine")" 200
  assert_equal "$(status box '' --header "Cookie: a=b; $mine; c=d")" 200
  run at box rfb --header="Cookie: $mine" "$(url websockify ws)"
  assert_success
  for forged in "${mine%?}" "${mine}0" "x$mine" "a=$mine" "${mine%=*}=" "${mine%=*}=$SECRET" "${mine%=*}=1"; do
    assert_equal "$(status box '' --header "Cookie: $forged")" 401
  done
}

@test "a password is taken as it is" {
  local password
  for password in "it's mine" '"$(touch /tmp/pwned)`id`' 'a\x41%s\n' 'with  blanks: and colons' 'pä ß€' "$(repeated x 128)" '${HOME}#;&|<>'; do
    boot box USER=bob UID=1000 "PASSWORD=$password"
    poll 30 healthy box
    echo "$password"
    assert_equal "$(status box '' --user "bob:$password")" 200
    assert_equal "$(status box '' --user "bob:${password%?}")" 401
    assert [ ! -e "$(rootfs box)/tmp/pwned" ]
    discard box
  done
}

@test "PASSWORD_FILE is read in its place" {
  unpack box
  mkdir -p "$(rootfs box)/run/secrets"
  printf '%s\n' 's3cret of a file' >"$(rootfs box)/run/secrets/password"
  start box USER=bob UID=1000 PASSWORD_FILE=/run/secrets/password
  poll 30 healthy box
  assert_equal "$(status box '' --user 'bob:s3cret of a file')" 200
  assert_equal "$(status box '' --user "bob:$SECRET")" 401
}

# told: who logged in and who failed to, as the container's log has it.
told() { sed -n 's/^helios: \(.*login of .*\)/\1/p' "$LAB/box/log" | sort | uniq -c | xargs; }

@test "a login and a failed one are told once, with the address and without a word of what was typed" {
  desktop box "VIEW_PASSWORD=$VIEWER"
  local mine
  mine=$(cookie box "bob:$SECRET")
  for path in '' vnc/ public/js/kclient.js; do fetch box "$path" --header "Cookie: $mine" >/dev/null; done
  answered box '' --user mistyped-name:mistyped-word
  answered box view/ --user "bob:$SECRET"
  answered box view/ --user "viewer:$VIEWER"
  answered box ''
  answered box //
  all() { told && [ "$(told)" = "$1" ]; }
  poll 2 all "1 failed login of owner from $CLIENT 1 failed login of viewer from $CLIENT 1 login of owner from $CLIENT 1 login of viewer from $CLIENT"
  run cat "$LAB/box/log"
  refute_output --regexp "mistyped|$SECRET|$VIEWER|password mismatch"
}

@test "neither PASSWORD nor AUTH=proxy refuses" {
  REQUIRED=()
  refuses PASSWORD
  refuses PASSWORD PASSWORD=
  refuses PASSWORD AUTH=password
  refuses PASSWORD PASSWORD_FILE=/nowhere
  refuses AUTH=proxy AUTH=proxy
  refuses AUTH AUTH=none
  refuses AUTH AUTH=Proxy "PASSWORD=$SECRET"
  refuses AUTH=proxy AUTH=proxy PROXY_SECRET= HOSTS=
  refuses PASSWORD PASSWORD=$'two\nlines'
}

@test "a password that is guessed soon, or is two people's, refuses" {
  local short
  for short in 1234567 'äöü'; do
    refuses 'PASSWORD is too short' "PASSWORD=$short"
    refuses 'VIEW_PASSWORD is too short' "VIEW_PASSWORD=$short"
  done
  refuses 'PASSWORD is too long' "PASSWORD=$(repeated a 129)"
  refuses 'VIEW_PASSWORD is PASSWORD' "VIEW_PASSWORD=$SECRET"
}

@test "another site's page opens no websocket" {
  desktop box
  local origin
  for origin in http://evil.example "http://$ADDRESS.evil.example" "http://$ADDRESS:3001" http://evil.example:3000 null "https://evil.example/$ADDRESS:3000"; do
    echo "$origin"
    run at box rfb "--user=bob:$SECRET" "--origin=$origin" "$(url websockify ws)"
    assert_output 'rfb: HTTP 403'
    assert_equal "$(upgrade box 'audio/socket.io/?EIO=4&transport=websocket' --user "bob:$SECRET" --header "Origin: $origin" --header 'Sec-WebSocket-Key: c21va2VzbW9rZXNtb2tlMQ==')" 403
  done
  run at box rfb "--user=bob:$SECRET" "--origin=http://$ADDRESS:3000" "$(url websockify ws)"
  assert_success
}

@test "no handshake ends the X server" {
  desktop box
  local before
  before=$(services box)
  local -a with=(--user "bob:$SECRET")
  upgrade box websockify "${with[@]}" --header "Sec-WebSocket-Key: $(repeated k 9000)"
  upgrade box websockify "${with[@]}" --header 'Sec-WebSocket-Key: c21va2VzbW9rZXNtb2tlMQ==' --header "Sec-WebSocket-Protocol: $(repeated p 1900)"
  upgrade box websockify "${with[@]}" --header 'Sec-WebSocket-Key: c21va2VzbW9rZXNtb2tlMQ==' --header "Sec-WebSocket-Protocol: $(repeated p 9000)"
  upgrade box websockify "${with[@]}" --header 'Sec-WebSocket-Key: c21va2VzbW9rZXNtb2tlMQ==' --header "Origin: http://$(repeated o 4000)"
  upgrade box "websockify?$(repeated q 1900)" "${with[@]}" --header 'Sec-WebSocket-Key: c21va2VzbW9rZXNtb2tlMQ=='
  status box websockify "${with[@]}" "${WEBSOCKET[@]}" --header 'Upgrade: WebSocket' --header 'Sec-WebSocket-Key1: 12345' \
    --header 'Sec-WebSocket-Key2: 67890' --request GET --data-binary 12345678 || true
  status box websockify "${with[@]}" --header 'X-Forwarded-For: 1' --data 'X-Forwarded-For: 1' || true
  status box websockify "${with[@]}" --header 'Upgrade;' || true
  run client box
  assert_success
  assert_equal "$(services box)" "$before"
}
