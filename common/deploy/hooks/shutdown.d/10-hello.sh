#!/bin/sh
echo "hello from shutdown.d: the desktop of $USER stops"
