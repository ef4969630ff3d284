# Starts a command COUNT times, each in a process group of its own. At SIGINT all groups get SIGTERM, and
# SIGKILL after GRACE seconds unless that is 0: what ending them takes at least.
count=$1 grace=$2
shift 2
exec 2> /dev/null
set -m
groups=()
for ((started = 0; started < count; started += 1)); do
  "$@" &
  groups+=("-$!")
done
stop() {
  kill -s TERM -- "${groups[@]}"
  if ((grace > 0)); then
    sleep "$grace"
    kill -s KILL -- "${groups[@]}"
  fi
  wait
  exit
}
trap stop INT
wait
