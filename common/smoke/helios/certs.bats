# The container makes a key and a certificate of its own at its first start, as browsers on macOS want them, and keeps them over restarts until
# a month before they end. A mounted pair is used instead, and its successor without a restart.

setup() { load ../lab/lab; }

# certificate: the fingerprint of what the container serves.
certificate() { at box openssl s_client -connect "$ADDRESS:${1:-3001}" </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256; }

# secure PATH: its HTTP status by TLS.
secure() { at box curl --silent --insecure --output /dev/null --write-out '%{http_code}' "${@:2}" "https://$ADDRESS:3001/$1"; }

keys() { find "$(rootfs box)/var/lib/helios" "$(rootfs box)/run/helios" -name '*.key' -printf '%m %U:%G %P\n'; }

@test "HTTPS=on serves the page by TLS 1.2 and later with a certificate of the container's own" {
  desktop box HTTPS=on
  assert_equal "$(secure '' --user "bob:$SECRET")" 200
  assert_equal "$(secure '')" 401
  assert_equal "$(secure health)" 200
  run at box rfb "--user=bob:$SECRET" "--origin=https://$ADDRESS:3001" "wss://$ADDRESS:3001/websockify"
  assert_success
  run at box openssl s_client -tls1_1 -cipher 'DEFAULT:@SECLEVEL=0' -connect "$ADDRESS:3001" </dev/null
  refute_output --partial 'BEGIN CERTIFICATE'
  run keys
  assert_output --regexp '^[46]00 0:0 '
  refute_output --regexp '^[0-7]*[1-7][0-7] |^[0-7]*[1-7] '
}

@test "it is off by default" {
  desktop box
  run at box curl --silent --insecure "https://$ADDRESS:3001/"
  assert_failure 7
}

@test "no key is in the image, and each container makes its own" {
  run find /image/var/lib /image/run /image/etc/helios -name '*.key' -o -name '*.crt'
  assert_output ''
  desktop box HTTPS=on
  local first
  first=$(certificate)
  assert [ -n "$first" ]
  discard box
  desktop box HTTPS=on
  assert_not_equal "$(certificate)" "$first"
}

@test "they are kept over restarts" {
  desktop box HTTPS=on
  local first
  first=$(certificate)
  assert [ -n "$first" ]
  runtime kill box KILL
  ended box 10
  begin start box HTTPS=on
  assert_equal "$(certificate)" "$first"
}

@test "a mounted pair is used instead" {
  unpack box
  local folder
  folder=$(rootfs box)/etc/helios/certs
  mkdir -p "$folder"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=mine -keyout "$folder/tls.key" -out "$folder/tls.crt" 2>/dev/null
  begin start box HTTPS=on
  assert_equal "$(certificate)" "$(openssl x509 -noout -fingerprint -sha256 -in "$folder/tls.crt")"
}

# pair FOLDER NAME [DAYS]: a key and a certificate, to be found there from one moment to the next.
pair() {
  mkdir -p "$1"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days "${3:-200}" -subj "/CN=$2" -keyout /tmp/tls.key -out /tmp/tls.crt 2>/dev/null
  cp /tmp/tls.key /tmp/tls.crt "$1/"
}

serves() { [ "$(certificate)" = "$(openssl x509 -noout -fingerprint -sha256 -in "$1/tls.crt")" ]; }

@test "its own is what browsers on macOS take, for every name of the desktop" {
  desktop box HTTPS=on HOSTS=desk.example,192.0.2.7
  run at box sh -c 'openssl s_client -connect "$1:3001" </dev/null 2>/dev/null | openssl x509 -noout -ext extendedKeyUsage,basicConstraints,subjectAltName' - "$ADDRESS"
  assert_output --partial 'TLS Web Server Authentication'
  assert_output --partial 'CA:FALSE'
  local name
  for name in DNS:helios DNS:localhost DNS:desk.example 'IP Address:192.0.2.7' "IP Address:$ADDRESS"; do assert_output --partial "$name"; done
  run at box sh -c 'openssl s_client -connect "$1:3001" </dev/null 2>/dev/null | openssl x509 -noout -checkend $((399 * 86400))' - "$ADDRESS"
  assert_failure
}

@test "its own is made anew a month before it ends" {
  unpack box
  local folder
  folder=$(rootfs box)/var/lib/helios/certs
  pair "$folder" old 20
  cp "$folder/tls.key" /tmp/old.key
  begin start box HTTPS=on
  refute cmp --silent "$folder/tls.key" /tmp/old.key
  assert serves "$folder"
  openssl x509 -noout -checkend $((300 * 86400)) -in "$folder/tls.crt"
}

@test "a mounted pair's successor is served without a restart, and a bad one isn't" {
  unpack box
  local folder before
  folder=$(rootfs box)/etc/helios/certs
  pair "$folder" first
  begin start box HTTPS=on
  before=$(services box)
  at box rfb "--user=bob:$SECRET" "wss://$ADDRESS:3001/websockify" stay 45 >/tmp/stayed 2>&1 3>&- &
  local staying=$!
  pair "$folder" second
  poll 45 serves "$folder"
  pair /tmp/third third
  cp /tmp/third/tls.crt "$folder/tls.crt"
  poll 45 grep --quiet 'tls.key are no pair' "$LAB/box/log"
  refute serves "$folder"
  assert [ -n "$(certificate)" ]
  wait "$staying"
  assert_equal "$(services box)" "$before"
}

@test "another HTTPS or HTTPS_PORT refuses" {
  for value in yes ON; do refuses HTTPS "HTTPS=$value"; done
  for port in 0 70000 abc 3000; do refuses HTTPS_PORT HTTPS=on "HTTPS_PORT=$port"; done
}

@test "HTTPS_PORT moves 3001" {
  desktop box HTTPS=on HTTPS_PORT=8443
  assert [ -n "$(certificate 8443)" ]
}
