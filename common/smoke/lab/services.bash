# shellcheck shell=bash
# Loaded by every check: a container's services, by the list that its profile's "services" gives.

# pid_of SERVICE [NAME]: the number that its process has in a container, "box" unless another is named.
pid_of() { services "${2:-box}" | awk -v name="$1" '$2 == name { print $1 }'; }

# back SERVICE PID: it runs in "box", with another process.
back() { services box | grep -v "^$2 " | grep -q " $1\$"; }
