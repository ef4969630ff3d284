import { describe, expect, test } from 'vitest';

import type { RunEvent } from '../../../src/engine/run-event.ts';
import { RunRecord } from '../../../src/report/run-record.ts';
import { writeClosing } from '../../../src/report/write-closing.ts';
import { ended, exitedWith, runEnded, runStarted, skippedBecause } from '../../rig/events.ts';
import { FakeTerminal } from '../../rig/terminal.ts';

async function closing(events: readonly RunEvent[], isTerminal = false): Promise<readonly string[]> {
  const terminal = new FakeTerminal({ isTerminal, columns: 60 });
  const record = new RunRecord();
  for (const event of events) record.handle(event);
  await writeClosing(record, terminal, { workingDir: '/srv/project', github: false });
  return terminal.text('stdout').trimEnd().split('\n');
}

function failing(names: readonly string[], outcome: 'failure' | 'cancelled'): readonly RunEvent[] {
  return [
    runStarted(['a', 'b', 'c', 'd', 'e', 'fine']),
    ...names.map((name) => ended(1, name, exitedWith(1))),
    ended(2, 'fine'),
    runEnded(3, { outcome, exitCode: 1, why: 'the reason' }),
  ];
}

const logs = '(run 20260102-030405-k3v9, logs in .mpctl/runs/20260102-030405-k3v9)';

describe('the last line', () => {
  test.for([
    ['one failure is told by its reason', ['a'], 'failure', `failed after 3 ms: the reason ${logs}`],
    ['more are counted and named', ['a', 'b'], 'failure', `failed after 3 ms: the reason; 2 failed: \`a\` and \`b\` ${logs}`],
    [
      'many are counted, and the first of them named',
      ['a', 'b', 'c', 'd', 'e'],
      'failure',
      `failed after 3 ms: the reason; 5 failed: \`a\`, \`b\`, \`c\` and 2 more ${logs}`,
    ],
    [
      'failures before an interruption are counted, too',
      ['a'],
      'cancelled',
      `cancelled after 3 ms: the reason; 1 failed: \`a\` ${logs}`,
    ],
  ] as const)('%s', async ([, names, outcome, line]) => {
    expect((await closing(failing(names, outcome))).at(-1)).toBe(line);
  });
});

describe('the reason in the table', () => {
  const why = `\`build\` failed, and it was to wait for its success: ${'x'.repeat(200)}`;
  const events = [
    runStarted(['deploy', 'other']),
    ended(1, 'deploy', skippedBecause(why)),
    runEnded(3, { outcome: 'failure', exitCode: 1 }),
  ];

  test('is whole in a file or pipe', async () => {
    expect((await closing(events)).find((line) => line.startsWith('deploy'))).toContain(why);
  });

  test('is cut at the width of a terminal', async () => {
    const row = (await closing(events, true)).find((line) => line.startsWith('deploy'));
    expect(row?.length).toBe(60);
    expect(row).toMatch(/…$/);
  });
});
