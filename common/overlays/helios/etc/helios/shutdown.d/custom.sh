#!/bin/sh
# What belongs here is run when the container is stopped. Charts of Juno's run this path before that, as preStop, so there is always one.
