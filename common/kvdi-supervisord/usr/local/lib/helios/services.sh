# shellcheck shell=sh
# Sourced by kvdi-init, below tini: supervisord runs the services and, on SIGTERM, the shutdown hooks come first. So they do on
# SIGRTMIN+3, which kVDI sends to what its template calls systemd.

# Shells know signals beyond the first 31 by number alone.
SIGRTMIN_3=37

check_runtime() { :; }

run_services() {
  rm -f /run/supervisord.pid /run/supervisor.sock
  supervisord --nodaemon --configuration /etc/supervisor/helios.conf &
  supervisord=$!
  trap stop TERM INT HUP "$SIGRTMIN_3"
  wait "$supervisord"
  echo "helios: supervisord ended with $?" >&2
  exit 70
}

stop() {
  trap '' TERM INT HUP "$SIGRTMIN_3"
  /usr/local/lib/helios/bin/shutdown-hooks
  kill -TERM "$supervisord" 2>/dev/null || true
  wait "$supervisord" || true
  exit 0
}
