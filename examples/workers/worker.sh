# A worker in sh: the socket speaks HTTP with JSON. `Mpctl-Pid` is the process that asks, here the shell
# that becomes curl: so the run knows who only waits for its answer, and a deadlock is told.
call() {
  sh -c 'exec curl --silent --fail --unix-socket "$MPCTL_SOCKET" \
    -H "Authorization: Bearer $MPCTL_AUTHKEY" -H "Mpctl-Pid: $$" -d "$2" "http://mpctl/v1/$1"' call "$@"
}

order=$(call queue/get '{"name": "orders"}' | sed 's/.*\[\(.*\)\].*/\1/')
call lock/acquire '{"holds": "book"}' > /dev/null
total=$(call value/get '{"name": "total"}' | sed 's/.*:\([0-9]*\).*/\1/')
call value/set "{\"name\": \"total\", \"item\": $((total + order))}" > /dev/null
call lock/release '{"holds": "book"}' > /dev/null
call queue/put '{"name": "receipts", "item": "curl took an order"}' > /dev/null
