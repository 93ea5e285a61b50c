setup() { load ../lab/lab; }

SECRET=Tr0ub4d0

@test "no private key is in the image" {
  run grep --recursive --binary-files=text --files-with-matches --extended-regexp -e '-----BEGIN ([A-Z]+ )?PRIVATE KEY-----' /image/etc /image/home /image/opt /image/root /image/run /image/srv /image/tmp /image/usr/local /image/usr/share /image/var
  assert_output ''
}

@test "no layer that the image was made of holds a private key" {
  run grep --text --count --extended-regexp '^-----BEGIN ([A-Z]+ )?PRIVATE KEY-----$' /layers.tar
  assert_output 0
}

@test "no password is set in the image" {
  run awk -F: '$2 !~ /^[!*]/ { print $1 }' /image/etc/shadow
  assert_output ''
}

@test "PASSWORD is in no process's arguments, in no log and in no session's environment" {
  boot box USER=bob UID=1000 DISPLAY_SOCK_ADDR=tcp://0.0.0.0:5900 "PASSWORD=$SECRET"
  poll 30 usable box
  run processes box
  refute_output --partial "$SECRET"
  run cat "$LAB/box/log"
  refute_output --partial "$SECRET"
  run inside box sh -c 'for p in $(grep -l "^Uid:.1000" /proc/[0-9]*/status); do cat "${p%status}environ"; done 2>/dev/null | tr "\0" "\n"'
  refute_output --partial "$SECRET"
  run grep --recursive --text --files-with-matches "$SECRET" "$LAB/box/upper"
  assert_output ''
}

@test "two containers of one image share no secret" {
  desktop one
  desktop two
  refute cmp --silent "$(rootfs one)/run/user/1000/Xauthority" "$(rootfs two)/run/user/1000/Xauthority"
}
