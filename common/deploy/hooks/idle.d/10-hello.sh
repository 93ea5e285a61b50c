#!/bin/sh
echo "hello from idle.d: nobody has used the desktop of $USER for $IDLE_TIME minutes"
