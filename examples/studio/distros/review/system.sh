#!/bin/sh
# The day's pictures are where reviewers' habits have them.
set -eu

ln -s /mnt/dailies /srv/dailies
