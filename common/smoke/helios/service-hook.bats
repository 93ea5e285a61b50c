# `/etc/helios/services.d/custom.sh` runs supervised; ending with 0 is final.

setup() { load ../lab/lab; }

# custom: makes a script from stdin the image's own service.
custom() {
  mkdir -p "$(rootfs box)/etc/helios/services.d"
  cat >"$(rootfs box)/etc/helios/services.d/custom.sh"
  chmod 0755 "$(rootfs box)/etc/helios/services.d/custom.sh"
  start box USER=bob UID=1000 "${REQUIRED[@]}" COLOUR=green
}

runs() { test "$(wc -l <"$(rootfs box)/var/runs")" "$1" "$2"; }

@test "custom.sh runs beside the desktop, sees the environment, and is back within 5 s after a kill" {
  unpack box
  custom <<'SH'
#!/bin/sh
echo "$$ $COLOUR" >>/var/runs
exec sleep 1000
SH
  poll 30 usable box
  poll 10 runs -eq 1
  run cat "$(rootfs box)/var/runs"
  assert_output --regexp '^[0-9]+ green$'
  inside box kill -KILL "$(cut -d' ' -f1 "$(rootfs box)/var/runs")"
  poll 5 runs -eq 2
  usable box
}

@test "an end with 0 is final" {
  unpack box
  custom <<'SH'
#!/bin/sh
echo run >>/var/runs
SH
  poll 30 usable box
  poll 10 runs -eq 1
  holds 5 runs -eq 1
  usable box
}

@test "an end with another code is not" {
  unpack box
  custom <<'SH'
#!/bin/sh
echo run >>/var/runs
exit 3
SH
  poll 30 runs -ge 3
  poll 30 usable box
}
