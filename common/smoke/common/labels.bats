# The OCI labels name source, revision, version, creation time, the base's name and digest, and the lock's hash.

setup() { load ../lab/lab; }

@test "the OCI labels say where the image comes from" {
  structure-test /smoke/common/labels.yaml /image
}
