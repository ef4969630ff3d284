/**
 * What the guardian runs: `/bin/sh -c <this> mpctl-guardian <run id> <grace in tenths of a second> <record> <cgroup> <inside or outside> <known> [pipe …]`.
 *
 * First it makes the named pipes that it is given, and says `made` when all are there: a shell starts
 * `mkfifo` for a tenth of what that costs mpctl. Then it reads what is known already, which it has from its birth on,
 * whatever becomes of mpctl: another guardian was killed before. After that it reads `+ <group>`, `- <group>`, `rm <path>` and
 * `bye` from its standard input, the leash, and `take <token>` and `drop <token>`, the bytes of make's jobserver
 * that mpctl has in hand, in octal. The end of the leash
 * without `bye` means that mpctl is gone: every registered group and, on Linux, every process whose
 * environment has the run's mark or that is in its cgroup gets SIGTERM and SIGCONT, then the grace period, then SIGKILL until
 * two scans in a row find nobody; one scan misses what is born while it runs. Zombies do not count:
 * where nobody reaps them they stay for ever. Nobody is signalled twice in a round, since many programs
 * take a second SIGTERM for impatience. The rounds are bounded, since a process inside a hung
 * system call cannot be killed at all. From the cgroup, which is empty where the run has none, it moves itself out before
 * it hears anything, if it was born inside: whoever is in there is killed by one write, also what is born meanwhile; before Linux 5.14 they are
 * frozen instead, and killed one by one. It also removes the cgroup, which mpctl is in to its end: after `bye` it waits for
 * that. The grace period is a `sleep` of its own: to count rounds would add the time of
 * every search to it. Then the tokens go back to make, on descriptor 3. Last, what mpctl would have removed is removed, and the record of
 * the run says how it ended, unless it does already.
 */
export const guardianScript = `
trap '' INT TERM HUP QUIT TSTP TTIN TTOU PIPE USR1 USR2 ALRM
run=$1 grace=$2 record=$3 cgroup=$4 place=$5 known=$6 groups=' ' leavings= tokens=' ' farewell=
shift 6
[ $# -eq 0 ] || { mkfifo -m 600 "$@" && echo made; }
exec >/dev/null
[ $place = outside ] || [ ! -d "$cgroup" ] || echo 0 >"\${cgroup%/*}/cgroup.procs" || exit 1
hear() {
  while IFS=' ' read -r operation group; do
    case $operation in
      +) groups="$groups$group " ;;
      -) case $groups in *" $group "*) groups="\${groups%%" $group "*} \${groups#*" $group "}" ;; esac ;;
      take) tokens="$tokens$group " ;;
      drop) case $tokens in *" $group "*) tokens="\${tokens%%" $group "*} \${tokens#*" $group "}" ;; esac ;;
      rm) leavings="$leavings$group
" ;;
      bye) [ -n "$cgroup" ] || exit 0; farewell=1 ;;
    esac
  done
}
[ -z "$known" ] || hear <<end
$known
end
hear
pids() { while IFS=/ read -r _ _ pid _; do echo "$pid"; done; }
marked() {
  [ -d /proc/self ] || return 0
  grep -lsa "MPCTL_RUN_IDS=[0-9A-Za-z:-]*$run" /proc/[0-9]*/environ 2>/dev/null | pids
}
members() {
  any=
  for group in $groups; do
    kill -s 0 -- "-$group" 2>/dev/null && any="$any\${any:+|}$group"
  done
  [ -n "$any" ] || return 0
  if [ -d /proc/self ]; then
    grep -lsaE "\\\\) [^ZX] [0-9]+ ($any) " /proc/[0-9]*/stat 2>/dev/null | pids
  else
    ps -ax -o stat= -o pgid= 2>/dev/null | grep -E "^ *[^ZX ][^ ]* +($any)$"
  fi
}
listed() {
  while IFS= read -r pid; do [ "$pid" = 0 ] || echo "$pid"; done <"$1/cgroup.procs"
  for below in "$1"/*/; do [ ! -d "$below" ] || listed "\${below%/}"; done
}
held() { [ ! -d "$cgroup" ] || listed "$cgroup"; }
somebody() { [ -n "$(held)$(members)$(marked)" ]; }
everybody() {
  told=" $(echo $(members)) "
  for group in $groups; do kill -s "$1" -- "-$group" 2>/dev/null; done
  for pid in $(marked) $(held); do
    case $told in *" $pid "*) ;; *) kill -s "$1" "$pid" 2>/dev/null; told="$told$pid " ;; esac
  done
}
kill_held() {
  [ ! -d "$cgroup" ] || echo 1 >"$cgroup/cgroup.kill" || echo 1 >"$cgroup/cgroup.freeze"
}
removed() {
  for below in "$1"/*/; do [ ! -d "$below" ] || removed "\${below%/}"; done
  rmdir "$1"
}
end_them() {
  everybody TERM
  everybody CONT
  sleep "$((grace / 10)).$((grace % 10))" & timer=$!
  while kill -s 0 "$timer" 2>/dev/null && somebody; do sleep 0.1; done
  kill -s KILL "$timer" 2>/dev/null
  clean=0 rounds=500
  while [ "$clean" -lt 2 ] && [ "$rounds" -gt 0 ]; do
    rounds=$((rounds - 1))
    if somebody; then
      clean=0
      kill_held
      everybody KILL
    else
      clean=$((clean + 1))
    fi
  done
}
[ -n "$farewell" ] || { somebody && end_them; }
rounds=250
while [ -d "$cgroup" ] && [ "$rounds" -gt 0 ] && ! removed "$cgroup"; do
  rounds=$((rounds - 1))
  sleep 0.02
done
[ -z "$farewell" ] || exit 0
for token in $tokens; do printf "\\\\$token" >&3; done
printf %s "$leavings" | while IFS= read -r path; do rm -rf -- "$path"; done
grep -qs '"end":null}$' "$record" || exit 0
umask 077
end='{"outcome":"killed","exitCode":null,"signal":null,"why":"mpctl was killed","ended":"'$(date -u +%Y-%m-%dT%H:%M:%S.000Z)'"}'
sed "s/null}$/$end}/" "$record" >"$record.draft" && mv -f "$record.draft" "$record"
`;
