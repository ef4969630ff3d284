/**
 * What becomes `unshare` and its process 1: `/bin/sh -c <outer> <name> <word of unshare …> -- /bin/sh -c <inner> <name> <command …>`.
 *
 * Of a signal of the terminal `unshare` would die, and with it, by SIGKILL, all that it has started; whoever is in there
 * has to end in his own way. The command itself is Node, which takes no disposition over from whoever starts it.
 */
export const unshareScript = `trap '' INT TERM HUP QUIT USR1 USR2 ALRM; exec "$@"`;

/**
 * Process 1 of the namespace: when it ends, the kernel kills everybody else there. Descriptor 3 is the leash: its end
 * means that the mpctl outside was killed, and kills the one inside. It waits for the guardian, which then ends the
 * workers in their grace period and notes that; a guardian that is sent away goes at once. Descriptor 4 is the line between
 * both mpctls, and 5 is standard input, which a shell takes from what it does not wait for at once.
 */
export const processOneScript = `
exec 5<&0
"$@" <&5 3<&- 5<&- &
main=$!
{ read -r _ <&3; kill -s KILL "$main"; } 4<&- 5<&- </dev/null >/dev/null 2>&1 &
exec 3<&- 4<&- 5<&-
wait "$main"
status=$? rounds=500
while [ "$rounds" -gt 0 ] && grep -qsa 'mpctl-guardia[n]' /proc/[0-9]*/cmdline; do
  rounds=$((rounds - 1))
  sleep 0.02
done
exit "$status"
`;
