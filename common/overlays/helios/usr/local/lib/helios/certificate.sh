# shellcheck shell=sh
# Sourced by what looks at a pair of tls.crt and tls.key: the public keys that its certificate is for and that its key, without a passphrase,
# belongs to. In a pair they are the same.

certified_key() { openssl x509 -in "$1/tls.crt" -noout -pubkey 2>/dev/null; }

own_key() { openssl pkey -in "$1/tls.key" -passin pass: -pubout 2>/dev/null; }
