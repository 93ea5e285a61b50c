# Two desktops share a network, as containers of a pod do, or two with the host's: each has a display of its own, and nobody on one is
# seen on the other. A port that somebody has there refuses.

setup() { load ../lab/lab; }

# A container of that name is in the network of "box".
SECOND=box_2

beside_it() { PORT=${NEIGHBOUR_PORT:-} "$@" "$SECOND"; }

# shows NAME TITLE: a window of that title.
shows() { on_x "$1" xdotool search --onlyvisible --name "^$2\$"; }

open_window() { as_user "$1" xfce4-terminal --disable-server "--title=$2" 3>&- & }

# each_its_own: a window on either is on no other, and clients see both.
each_its_own() {
  assert_not_equal "$(display_of box)" "$(display_of $SECOND)"
  open_window box first
  open_window $SECOND second
  poll 15 shows box first
  poll 15 shows $SECOND second
  run shows box second
  assert_failure
  run shows $SECOND first
  assert_failure
  picture box /tmp/first.png
  PORT=${NEIGHBOUR_PORT:-} picture $SECOND /tmp/second.png
}

@test "a second desktop comes up beside the first, and each shows its own" {
  desktop box
  boot $SECOND USER=bob UID=1000 "${REQUIRED[@]}" "${NEIGHBOUR[@]}"
  poll 40 beside_it usable
  each_its_own
  local before
  before=$(display_of $SECOND)
  inside box kill -KILL "$(pid_of xvnc)"
  poll 20 usable box
  beside_it usable
  assert_equal "$(display_of $SECOND)" "$before"
}

known() { runtime state box; }

@test "so do two that start at once" {
  boot box USER=bob UID=1000 "${REQUIRED[@]}"
  poll 10 known
  boot $SECOND USER=bob UID=1000 "${REQUIRED[@]}" "${NEIGHBOUR[@]}"
  poll 60 usable box
  poll 40 beside_it usable
  each_its_own
}

@test "a port that the first has refuses the second" {
  desktop box "${TAKEN[@]}"
  boot $SECOND USER=bob UID=1000 "${REQUIRED[@]}" "${TAKEN[@]}"
  ends_refusing $SECOND 'that port is taken in this network: expected one that is free'
}
