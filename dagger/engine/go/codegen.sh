#!/bin/sh
# Dagger's generator of bindings, with the go of go.sh.
PATH=/usr/local/lib/codegen:$PATH exec /usr/local/lib/codegen/codegen "$@"
