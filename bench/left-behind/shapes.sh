#!/bin/sh
# One process of every shape that a supervisor may lose sight of; each writes "<shape> <pid>" to the file $1: T0 to T5
# of the tests, and T6, a daemon as T5 that has an empty environment.
out=$1
(env -i setsid sh -c 'echo "T6 $$" >> "$0"; exec sleep 300' "$out" &)
exec sh "$(dirname "$0")/../../test/process/fixtures/shapes.sh" "$out"
