# The OCI labels name source, revision, version, creation time, the base's name and digest, and the lock's hash. The image's
# user is root, so that podman without root may keep users' numbers.

setup() { load ../lab/lab; }

@test "the OCI labels say where the image comes from" {
  structure-test /smoke/common/labels.yaml /image
}

@test "root is the image's user, whose number podman would choose otherwise" {
  assert_equal "$(jq --raw-output .config.User /image.json)" 0
}
