setup() { load ../lab/lab; }

zombies() { processes box | awk '$2 == "Z"' | wc -l; }

none_left() { [ "$(zombies)" = 0 ]; }

@test "200 orphans leave no zombie" {
  desktop box
  inside box sh -c 'for i in $(seq 200); do (sleep 0.2 &) ; done'
  poll 5 sh -c '! pgrep -x sleep'
  poll 2 none_left
}
