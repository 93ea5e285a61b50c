# No compiler, header, package index or build file. No setuid or setgid program, except setgid `utmp` in what you add, and none with
# capabilities. The package manager's own check is clean, and the size is within the budget of `distro.json`.

setup() { load ../lab/lab; }

@test "no compiler, header, package index or build file, and the package manager is content" {
  unpack box
  structure-test /smoke/common/minimal.yaml "$(rootfs box)"
}

@test "no program has a capability of its own" {
  run getcap -r /image
  assert_success
  assert_output ''
}

@test "the size is within the budget of distro.json" {
  echo "$IMAGE_BYTES bytes of $BUDGET_BYTES"
  assert [ "$IMAGE_BYTES" -le "$BUDGET_BYTES" ]
}
