# A missing or invalid `USER`, `UID` or `GID`, or a runtime that forbids calls which the image needs, ends the container within 10 s with one
# line that says what to do. No value is ever read as code.

setup() { load ../lab/lab; }

# refused VARIABLE KEY=VALUE...: the container ends within 10 s with one line that names the variable, and changed nothing.
refused() {
  local variable=$1 before
  shift
  unpack box
  before=$(md5sum </image/etc/passwd)
  start box "${REQUIRED[@]}" "$@"
  ended box 10 || return 1
  assert_not_equal "$code" 0
  assert_equal "$(wc -l <"$LAB/box/log")" 1
  run cat "$LAB/box/log"
  assert_output --partial "$variable"
  assert_output --partial expected
  assert_equal "$(md5sum <"$(rootfs box)/etc/passwd")" "$before"
  assert [ ! -e "$(rootfs box)/tmp/pwned" ]
  discard box
}

LONG=$(printf 'a%.0s' {1..300})

@test "a missing or empty USER or UID refuses" {
  refused USER UID=1000
  refused USER USER= UID=1000
  refused UID USER=bob
  refused UID USER=bob UID=
}

@test "a USER that is no plain name refuses" {
  for name in 'a b' '$(touch /tmp/pwned)' '`touch /tmp/pwned`' '../x' 'bob;touch /tmp/pwned' 'bob:x' '-D' 1234 Bob 'bøb' "$LONG" $'bob\nroot' $'bob\n' "it's" '*'; do
    refused USER "USER=$name" UID=1000
  done
}

# last_of FILE: the last of the system's own names in passwd or group.
last_of() { awk -F: '$3 > 0 && $3 < 1000 { name = $1 } END { print name }' "/image/etc/$1"; }

@test "an account or a group of the system as USER refuses" {
  for name in root nobody daemon "$(last_of passwd)" "$(last_of group)"; do refused USER "USER=$name" UID=1000; done
}

@test "a UID that is no free number refuses" {
  for id in -1 0 33 999 65534 2147483648 4294967295 99999999999 abc 1000.5 root 'a b' '$(id)' ../x "$LONG" $'1000\n0' 01000 0x400; do
    refused UID USER=bob "UID=$id"
  done
}

@test "a GID of the system or no number refuses" {
  for id in -1 0 27 42 99999999999 root 'a b' '$(touch /tmp/pwned)' ../x "$LONG" $'1000\n'; do
    refused GID USER=bob UID=1000 "GID=$id"
  done
}

@test "what shells take for code of theirs refuses" {
  refused function USER=bob UID=1000 'BASH_FUNC_getent%%=() { touch /tmp/pwned; }'
}

@test "a runtime whose seccomp profile is older than the image refuses" {
  SPEC='.linux.seccomp.syscalls |= ([.[] | .names -= ["faccessat2"] | select(.names != [])] + [{names: ["faccessat2"], action: "SCMP_ACT_ERRNO", errnoRet: 1}])'
  refused "the runtime's seccomp profile" USER=bob UID=1000
}
