# What is copied goes both ways, between a client and the desktop; what is selected alone doesn't leave it.

setup() { load ../lab/lab && load ../lab/clipboard; }

# with_client SECONDS [TEXT]: a client that stays for so long hands over that text, and what it gets is in /tmp/cut.
with_client() { cut-text "$(display_socket box)" "$@" >/tmp/cut 2>&1 3>&- & }

@test "what a client copies can be pasted by keys and by the middle button" {
  desktop box
  with_client 12 'from a client'
  poll 5 held 'from a client'
  assert_equal "$(on_x box xclip -selection primary -out)" 'from a client'
}

@test "what a program copies reaches a client, and what is selected alone doesn't" {
  desktop box
  with_client 12
  local client=$!
  sleep 2
  on_x box xclip -selection primary -in <<<selected >/dev/null 2>&1 3>&-
  sleep 2
  hold copied
  poll 12 gone "$client"
  assert_equal "$(cat /tmp/cut)" copied
}
