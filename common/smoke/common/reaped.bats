# Orphans leave no zombies.

setup() { load ../lab/lab; }

# none STATE COMMAND: no process of the container, of which there are some, has that state and command.
none() {
  local all
  all=$(processes box) && grep -q '^1 ' <<<"$all" && ! grep "^[0-9]* $1 $2" <<<"$all"
}

@test "200 orphans leave no zombie" {
  desktop box
  inside box sh -c 'for i in $(seq 200); do (sleep 0.2 &) ; done'
  poll 5 none "[^Z]" "sleep 0.2"
  poll 2 none Z ""
}
