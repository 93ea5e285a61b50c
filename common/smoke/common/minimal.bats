# No compiler, header, package index, build file or translation of a language that isn't named. No setuid or setgid program, except setgid `utmp` in what you add, and none with
# capabilities. The package manager's own check is clean, and the size is within the budget of `distro.json`.

setup() { load ../lab/lab; }

@test "no compiler, header, package index or build file, and the package manager is content" {
  unpack box
  structure-test /smoke/common/minimal.yaml "$(rootfs box)"
}

@test "no translation but of the languages that the image names" {
  local locale name names=()
  for locale in $(jq --raw-output '.config.Labels["io.helios.languages"] // ""' /image.json); do
    for name in "${locale%_*}" "${locale%_*}@*" "$locale"; do names+=(-not -path "/image/usr/share/locale/$name/*"); done
  done
  run find /image/usr/share/locale -mindepth 2 -type f "${names[@]}"
  assert_success
  assert_output ''
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
