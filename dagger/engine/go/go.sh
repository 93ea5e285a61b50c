#!/bin/sh
# The go that Dagger's generator runs. It gets Dagger's library by a commit, and another without a version, which is its
# newest: a proxy of Go modules need serve neither. Here they are those of the release that the engine is.
set -eu
if [ "$1" = get ]; then
  for arg; do
    shift
    case $arg in
      dagger.io/dagger@*) arg=dagger.io/dagger@v0.21.8 ;;
      github.com/dagger/querybuilder) arg=$arg@v0.0.0-20260402040506-574a5e81cb59 ;;
    esac
    set -- "$@" "$arg"
  done
fi
exec /usr/local/go/bin/go "$@"
