# `HTTP_PORT` moves 3000.

setup() { load ../lab/lab; }

@test "HTTP_PORT moves 3000" {
  PORT=8080
  desktop box HTTP_PORT=8080
  assert_equal "$(status box '' --user "bob:$SECRET")" 200
  run client box
  assert_success
  PORT=3000
  run at box curl --silent "$(url health)"
  assert_failure 7
}

@test "an HTTP_PORT that is none, or taken, refuses" {
  for port in 0 -1 65536 70000 abc 3000.5 '3000; add_header X y' 03000 6901; do refuses HTTP_PORT "HTTP_PORT=$port"; done
  refuses HTTP_PORT HTTP_PORT=3001 HTTPS=on
}
