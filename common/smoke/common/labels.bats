setup() { load ../lab/lab; }

@test "the OCI labels say where the image comes from" {
  structure-test /smoke/common/labels.yaml /image
}
