# Takes and releases the lock `file` COUNT times with curl, each call beside one to a bare server, so that
# a slow moment of the machine slows both; prints how long the call in the middle took, in µs.
count=$1
# How long it took is left in `took`.
call() {
  local began=$EPOCHREALTIME
  curl --silent --fail --unix-socket "$1" -H "Authorization: Bearer $MPCTL_AUTHKEY" \
    -d '{"holds": "file"}' "http://mpctl/v1/lock/$2" > /dev/null || exit 1
  local ended=$EPOCHREALTIME
  took=$((${ended/./} - ${began/./}))
}
both() {
  call "$MPCTL_SOCKET" "$1"
  of_mpctl+=("$took")
  call "$BARE_SOCKET" "$1"
  of_server+=("$took")
}
middle() {
  printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"
}
both acquire
both release
of_mpctl=() of_server=()
for _ in $(seq "$count"); do
  both acquire
  both release
done
echo "mpctl $(middle "${of_mpctl[@]}") server $(middle "${of_server[@]}")"
