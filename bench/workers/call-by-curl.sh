# Takes and releases the lock `file` COUNT times with curl; prints how long one call took, in ms.
count=$1
call() {
  curl --silent --fail --unix-socket "$MPCTL_SOCKET" -H "Authorization: Bearer $MPCTL_AUTHKEY" \
    -d '{"holds": "file"}' "http://mpctl/v1/lock/$1" > /dev/null
}
call acquire
call release
began=$(date +%s%N)
for _ in $(seq "$count"); do
  call acquire
  call release
done
ended=$(date +%s%N)
echo "rate $(((ended - began) / (2 * count)))"
