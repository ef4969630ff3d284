# Starts a server of PORT, tries to connect to it every 20 ms, and prints when it could: what waiting for a
# port by looking that often takes at least.
port=$1
shift
"$@" "$port" &
until { : <> "/dev/tcp/127.0.0.1/$port"; } 2> /dev/null; do sleep 0.02; done
bash -c 'echo started $EPOCHREALTIME'
kill "$!"
wait
