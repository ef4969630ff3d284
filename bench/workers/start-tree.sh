# Starts five sleepers, says so, and waits for them; with `ignoring`, all six ignore SIGTERM and SIGINT.
[ "$1" = ignoring ] && trap '' TERM INT
for _ in 1 2 3 4 5; do
  sleep 600 &
done
echo ready
wait
