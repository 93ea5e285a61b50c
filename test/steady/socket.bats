@test "what a client sends in part, or leaves unread, holds up nobody else's keys" {
  desktop box
  lit
  local each
  for each in byte:1 dribble:1 trickle:1 half:20 unread:32 worst:32; do unharmed 4 "$each:other"; done
}
