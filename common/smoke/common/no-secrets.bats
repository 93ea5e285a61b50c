# No private key or password is in a layer or shared between containers. `PASSWORD` is in no process's arguments and in no log.

setup() { load ../lab/lab; }

SECRET=Tr0ub4d0

@test "no private key is in the image" {
  run grep --recursive --binary-files=text --files-with-matches --extended-regexp -e '-----BEGIN ([A-Z]+ )?PRIVATE KEY-----' /image/etc /image/home /image/opt /image/root /image/run /image/srv /image/tmp /image/usr/local /image/usr/share /image/var
  assert_output ''
}

@test "no layer that the image was made of holds a private key" {
  run keys-in-layers /layers.tar
  assert_success
  assert_output ''
}

@test "no password is set in the image" {
  run awk -F: '$2 !~ /^[!*]/ { print $1 }' /image/etc/shadow
  assert_output ''
}

# The lab sees its containers' processes, and may read what they may not read of one another.
session_environments() { grep --files-with-matches '^Uid:.1000' /proc/[0-9]*/status | sed 's/status$/environ/' | xargs cat | tr '\0' '\n'; }

@test "PASSWORD is in no process's arguments, in no log and in no session's environment" {
  boot box USER=bob UID=1000 "${WITH_PASSWORD[@]}" "PASSWORD=$SECRET"
  poll 30 usable box
  run processes box
  refute_output --partial "$SECRET"
  run cat "$LAB/box/log"
  refute_output --partial "$SECRET"
  run session_environments
  assert_output --partial DISPLAY=
  refute_output --partial "$SECRET"
  run grep --recursive --devices=skip --text --files-with-matches "$SECRET" "$LAB/box/upper" "$(rootfs box)/run"
  assert_output ''
}

@test "two containers of one image share no secret" {
  desktop one
  desktop two
  local file count=0
  for file in $(secrets one); do
    assert [ -s "$file" ]
    refute cmp --silent "$file" "${file/#"$(rootfs one)"/$(rootfs two)}"
    count=$((count + 1))
  done
  assert [ "$count" -gt 0 ]
}
