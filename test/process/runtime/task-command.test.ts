import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { CommandPlan } from '../../../src/plan/command.ts';
import { taskCommand } from '../../../src/engine/task-command.ts';

const shell = ['/bin/sh', '-e', '-c'];
const items = ['plain', 'a b', `it's "5" $HOME \`x\` \\n`, '*', 'one\ntwo', ''];

function run(script: string, args: readonly string[], environment: Readonly<Record<string, string>>): string {
  return execFileSync('/bin/sh', ['-e', '-c', script, 'sh', ...args], { encoding: 'utf8', env: { HOME: '/nowhere', ...environment } });
}

function commandOf(script: string, args: readonly string[]): CommandPlan {
  return { type: 'shell', shell, script, args, place: [] };
}

describe('what a job log has of a task does what the task did, for whatever item', () => {
  test.each([
    'printf "<%s>" "$MPCTL_ITEM" "${MPCTL_ITEM}"',
    'printf "<%s>" $MPCTL_ITEM x$MPCTL_ITEM',
    'printf "<%s>" "item: $MPCTL_ITEM, it is" end',
    `printf "<%s>" '$MPCTL_ITEM' "\\$MPCTL_ITEM" \\$MPCTL_ITEM`,
    `sh -c 'printf "<%s>" "$MPCTL_ITEM"'`,
    `x=$MPCTL_ITEM # don't "look\nif [ -n "$x" ]\nthen printf "<%s>" "$x"; fi`,
    'cat <<END\nit\'s $MPCTL_ITEM\nEND',
    'printf "<%s>" "$(printf %s "$MPCTL_ITEM")" ${MPCTL_ITEM:-none} "${MPCTL_ITEM%b}" ${#MPCTL_ITEM}',
    'printf "<%s>" "$1" "$#" "$2" "$MPCTL_ITEM"',
  ])('%s', (script) => {
    for (const item of items) {
      const args = script.includes('$1') ? [item, '-v'] : [];
      const argv = [...shell, script, 'sh', ...args];
      const recorded = taskCommand(commandOf(script, args), argv, [['MPCTL_ITEM', item], ['OTHER', 'o']]);
      expect(run(recorded, [], {})).toBe(run(script, args, { MPCTL_ITEM: item }));
    }
  });

  test('a list', () => {
    const argv = ['printf', '<%s>', ...items];
    const list: CommandPlan = { type: 'argv', argv, place: [], args: { place: [], first: argv.length } };
    expect(run(taskCommand(list, argv, []), [], {})).toBe(items.map((item) => `<${item}>`).join(''));
  });
});
