# A worker in sh: the socket speaks HTTP with JSON.
call() {
  curl --silent --fail --unix-socket "$MPCTL_SOCKET" -H "Authorization: Bearer $MPCTL_AUTHKEY" \
    -d "$2" "http://mpctl/v1/$1"
}

order=$(call queue/get '{"name": "orders"}' | sed 's/.*\[\(.*\)\].*/\1/')
call lock/acquire '{"holds": "book"}' > /dev/null
total=$(call value/get '{"name": "total"}' | sed 's/.*:\([0-9]*\).*/\1/')
call value/set "{\"name\": \"total\", \"item\": $((total + order))}" > /dev/null
call lock/release '{"holds": "book"}' > /dev/null
call queue/put '{"name": "receipts", "item": "curl took an order"}' > /dev/null
