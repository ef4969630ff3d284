import { expect, test } from 'vitest';
import { subshellScript } from '../../../src/runtime/processes/subshell-script.ts';

test.each([
  'echo 1',
  'gzip -k "$MPCTL_ITEM"',
  'cd "$1" && make -s ${TARGET} >log 2>&1; exit $?',
  'for i in 1 2 3; do printf "%s\\n" "$i-$(date)"; done | sort',
  '[ "$#" -gt 0 ] || exit 3; test -e .config && ./run.sh .. && echo sets',
  ' true # done',
])('a subshell runs `%s` as a shell of its own does', (script) => {
  expect(subshellScript(['/bin/sh', '-c', script])).toEqual({ stopsAtFailure: false, words: [script] });
  expect(subshellScript(['/bin/sh', '-e', '-c', script, '/bin/sh', 'a', 'b'])).toEqual({ stopsAtFailure: true, words: [script, 'a', 'b'] });
});

test.each([
  // What the shell is, and not only what it runs.
  'echo $$ >lock',
  'echo "${$}"',
  'echo $PPID',
  'echo $-',
  'echo $0',
  'echo $((LINENO))',
  'echo $RANDOM',
  'echo "$_"',
  'echo "$BASHPID"',
  // What acts on the shell, or reads text as its source.
  'trap "rm -f x" EXIT',
  'echo a; trap - TERM',
  '. ./settings',
  'eval "$MPCTL_ITEM"',
  'alias ll=ls',
  'true && return 3',
  'set -e; false; echo on',
  'while :; do break; done',
  '`eval echo a`',
  'case a in a)local b=1;; esac',
  '"local" b=1',
  String.raw`\local b=1`,
  // What only the shell of a slot has.
  'mpctl_slot_run "echo a"',
  'echo "$mpctl_slot_line"',
  // What a shell takes for its options.
  '-x',
  '+x',
  '--',
  // What a shell reads otherwise, a line at a time or to its end.
  'echo a\necho b',
  'cat <<E',
  'echo a \\',
  '',
  '  ',
  '# nothing',
  'f() { echo a; }; f',
  'echo "${A:-b}"',
  "awk '{ print }'",
])('a shell of its own runs `%s`', (script) => {
  expect(subshellScript(['/bin/sh', '-c', script])).toBeNull();
});

test.each([[['/bin/bash', '-c', 'echo']], [['sh', '-c', 'echo']], [['/bin/sh', '-ec', 'echo']], [['/bin/sh', '-c', 'echo', 'name']], [['/bin/sh', 'echo']], [['/bin/sh', '-e']], [['/bin/echo', '-c', 'a']]])('a shell of its own is %o', (argv) => {
  expect(subshellScript(argv)).toBeNull();
});
