#!/bin/sh
# One process of every shape that a supervisor may lose sight of; each writes "<shape> <pid>" to the file $1.
#   T0 the program itself · T1 child, same group · T2 orphan, same group · T3 orphan, own group, same session
#   T4 child, own session · T5 daemon: orphan, own session · T6 as T5, with an empty environment
out=$1
echo "T0 $$" >> "$out"
sleep 300 &
echo "T1 $!" >> "$out"
(sh -c 'echo "T2 $$" >> "$0"; exec sleep 300' "$out" &)
perl -e 'use POSIX; if (fork == 0) { setpgid(0, 0); open(F, ">>", $ARGV[0]); print F "T3 $$\n"; close F; exec "sleep", "300" } exit' "$out"
setsid sh -c 'echo "T4 $$" >> "$0"; exec sleep 300' "$out" &
(setsid sh -c 'echo "T5 $$" >> "$0"; exec sleep 300' "$out" &)
(env -i setsid sh -c 'echo "T6 $$" >> "$0"; exec sleep 300' "$out" &)
exec sleep 300
