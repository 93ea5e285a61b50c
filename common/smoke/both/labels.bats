setup() { load ../lab/lab; }

@test "the OCI labels say where the image comes from" {
  structure-test /smoke/both/labels.yaml /image
}
