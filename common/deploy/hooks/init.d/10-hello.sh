#!/bin/sh
echo "hello from init.d: the desktop of $USER starts"
