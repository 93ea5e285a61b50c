# shellcheck shell=sh
# Where painters' programs look for the show that is worked on.
export SHOW_ROOT=/mnt/show
