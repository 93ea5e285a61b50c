# Of an address's wrong passwords, 20 are looked at in the first second and 5 in each second after it. Who is logged in is neither slowed
# down nor held up.

setup() { load ../lab/lab; }

VIEWER=l00k-but

# away ADDRESS...: gives the container's client more addresses.
away() {
  local address
  for address; do
    if [[ $address == *:* ]]; then
      ip -n box-client address add "$address/64" dev eth0 nodad
    else
      ip -n box-client address add "$address/24" dev eth0
    fi
  done
}

# guesses NAME FROM SECONDS PATH [OPTION...]: 40 connections ask from an address; how often they were told what goes to /tmp/NAME.json.
guesses() { at box knock "--from=$2" "${@:5}" "http://${TO:-$ADDRESS}:$PORT$BASE$4" 40 "$3" >"/tmp/$1.json" 3>&-; }

# looked_at NAME...: how many wrong passwords of these were looked at in each second, a line each.
looked_at() { for name; do jq '.seconds[]["401"] // 0' "/tmp/$name.json"; done; }

braked() { jq '[.seconds[]["429"] // 0] | add' "/tmp/$1.json"; }

# share_a_brake NAME NAME: both guessed for 2 s at the same time, and what one was told the other wasn't; each alone is told 25 times.
share_a_brake() {
  echo "$*: $(looked_at "$@" | xargs) looked at"
  [ "$(looked_at "$@" | awk '{ all += $1 } END { print all }')" -le 32 ]
}

# slow_enough NAME: 20 in the first second and 5 for each after it, however late a busy client is with some of them: that many are what may
# have been looked at by the end of each second, where its edge may be two answers off, and never more than that in all.
slow_enough() {
  local -a counts
  mapfile -t counts < <(looked_at "$1")
  echo "$1: ${counts[*]} looked at, $(braked "$1") braked"
  ((counts[0] >= 10)) || return 1
  local second all=0
  for ((second = 0; second < ${#counts[@]}; second++)); do
    all=$((all + counts[second]))
    ((all <= 22 + 5 * second)) || return 1
  done
  ((all <= 20 + 5 * (${#counts[@]} - 1))) || return 1
  (($(braked "$1") > 10))
}

@test "20 wrong passwords are looked at in the first second and 5 in each after it, on pages and websockets of either user" {
  desktop box "VIEW_PASSWORD=$VIEWER"
  away 10.77.0.{11..14}
  guesses page 10.77.0.11 4 '' --user=bob:wrong &
  local -a all=($!)
  guesses view 10.77.0.12 4 view/ --user=viewer:wrong &
  all+=($!)
  guesses socket 10.77.0.13 4 websockify --user=bob:wrong --upgrade &
  all+=($!)
  guesses view-socket 10.77.0.14 4 view/websockify --user=viewer:wrong --upgrade &
  all+=($!)
  wait "${all[@]}"
  local name
  for name in page view socket view-socket; do slow_enough "$name"; done
}

@test "one address has one brake, whichever user it guesses at and whatever cookie of another door it has" {
  desktop box "VIEW_PASSWORD=$VIEWER"
  local other viewers
  viewers=$(cookie box "viewer:$VIEWER" view/)
  away 10.77.0.11
  guesses owner 10.77.0.11 2 '' --user=bob:wrong "--header=Cookie: $viewers" &
  other=$!
  guesses viewer 10.77.0.11 2 view/ --user=viewer:wrong
  wait "$other"
  share_a_brake owner viewer
  assert_equal "$(answered box '' --user "bob:$SECRET")" 200
}

@test "an IPv6 network of 64 bits is one address, and another is not braked for it" {
  desktop box
  local other
  TO="[$ADDRESS6]"
  away fd77::11 fd77::12 fd78::1
  ip -n box -6 route add fd78::/64 dev eth0
  guesses one fd77::11 2 '' --user=bob:wrong &
  other=$!
  guesses other fd77::12 2 '' --user=bob:wrong
  wait "$other"
  share_a_brake one other
  guesses elsewhere fd78::1 1 '' --user=bob:wrong
  slow_enough elsewhere
}

@test "X-Forwarded-For says whose guess it is when one of TRUSTED_PROXY says so, and is no way round the brake" {
  desktop box TRUSTED_PROXY=10.77.0.11/32
  local other
  away 10.77.0.11
  guesses one 10.77.0.11 2 '' --user=bob:wrong '--header=X-Forwarded-For: 203.0.113.1' &
  other=$!
  guesses mapped 10.77.0.11 2 '' --user=bob:wrong '--header=X-Forwarded-For: 203.0.113.9, ::ffff:203.0.113.1'
  wait "$other"
  share_a_brake one mapped
  assert_equal "$(answered box '' --interface 10.77.0.11 --user "bob:$SECRET" --header 'X-Forwarded-For: 203.0.113.1, 203.0.113.2')" 200
  guesses one "$CLIENT" 2 '' --user=bob:wrong '--header=X-Forwarded-For: 203.0.113.3' &
  other=$!
  guesses lied "$CLIENT" 2 '' --user=bob:wrong '--header=X-Forwarded-For: 203.0.113.4'
  wait "$other"
  share_a_brake one lied
}

@test "who shows no password makes no guess" {
  desktop box
  guesses nobody "$CLIENT" 1 ''
  assert_equal "$(jq --compact-output '.seconds | add | keys' /tmp/nobody.json)" '["401"]'
  assert_equal "$(answered box '' --user "bob:$SECRET")" 200
}

# measured: what requests take the owner who is logged in, one after the other for half a second.
measured() { at box knock "--header=Cookie: $MINE" "$(url '')" 1 0.5 3>&-; }

@test "who is logged in is neither braked nor held up while 40 connections guess from the same address" {
  desktop box
  MINE=$(cookie box "bob:$SECRET")
  local pair guess
  for ((pair = 1; pair <= 12; pair++)); do
    measured >>/tmp/quiet.json
    guesses beside "$CLIENT" 1.5 '' --user=bob:wrong &
    guess=$!
    sleep 0.4
    measured >>/tmp/busy.json
    run at box rfb "--header=Cookie: $MINE" "$(url websockify ws)"
    assert_success
    wait "$guess"
  done
  jq --null-input --slurpfile quiet /tmp/quiet.json --slurpfile busy /tmp/busy.json '$ARGS.named | map_values(map({median, p95}))' >/report/guessing.json
  assert_equal "$(cat /tmp/quiet.json /tmp/busy.json | jq --slurp --compact-output 'map(.seconds[] | keys[]) | unique')" '["200"]'
  run jq '[.busy[].p95] | max' /report/guessing.json
  echo "the slowest twentieth took $output ms"
  assert [ "${output%.*}" -lt 1000 ]
}
