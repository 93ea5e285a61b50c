#!/bin/sh
# No service is started while packages are installed: those of an image are its init's to start.
exit 101
