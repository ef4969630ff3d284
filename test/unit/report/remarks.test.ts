import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/engine/run-event.ts';
import { Remarks } from '../../../src/report/remarks.ts';
import { RunRecord } from '../../../src/report/run-record.ts';
import { FollowSchedule } from '../../../src/schedule/follow-schedule.ts';
import { planOf } from '../../rig/virtual-plan.ts';
import { runVirtually } from '../../rig/virtual-world.ts';
import type { WorldOptions } from '../../rig/world-options.ts';

/** What is remarked on a run of the virtual world. */
function remarksOn(spec: string, options: WorldOptions = {}): readonly string[] {
  const plan = planOf(spec);
  const begun: RunEvent = {
    v: 1,
    at: 0,
    type: 'run.started',
    run: 'run',
    name: plan.name,
    spec: plan.specFile,
    pid: 1,
    folder: '/project/.mpctl/runs/run',
    containment: 'marker',
    instances: plan.instances.map(({ name, process, kind }) => ({ name, process, kind })),
    pools: plan.pools.map(({ name, workers }) => ({ name, workers })),
  };
  const record = new RunRecord();
  const remarks = new Remarks(record, 'life_and_trouble');
  return [begun, ...runVirtually(plan, options).events].flatMap((event) => {
    record.handle(event);
    return remarks.on(event);
  });
}

const finallyBegins = 'starting what runs in `finally`';

describe('the remark that finally begins', () => {
  const spec = (condition: string): string => `
processes: { a: { command: sleep 1 } }
finally: { bye: { command: sleep 1, depends_on: { a: { condition: ${condition} } } } }
`;

  it('comes before the first start there', () => {
    const remarks = remarksOn(spec('exit'));
    expect(remarks.indexOf(finallyBegins)).toBe(remarks.indexOf('`bye` started (pid 1002)') - 1);
  });

  it('does not come where all of it is skipped', () => {
    const remarks = remarksOn(spec('failure'));
    expect(remarks).not.toContain(finallyBegins);
    expect(remarks.at(-1)).toMatch(/^`bye` skipped: /u);
  });
});

describe('the remark on a task that failed', () => {
  it.each([
    ['a short item', 'a.txt', '`a.txt`'],
    ['the beginning of a long one', 'x'.repeat(50), `\`${'x'.repeat(40)}…\``],
    ['one line of several', '"first\\nsecond"', '`first…`'],
    ['an object as JSON', '{ path: a }', '`{"path":"a"}`'],
  ])('names %s', (_, item, shown) => {
    expect(remarksOn(`pools: { p: { workers: 1, tasks: [${item}], command: exit 3 } }`)).toContain(
      `task 0 (${shown}) of \`p\` failed: it exited with 3`,
    );
  });
});

it('the remark on a task that a signal has ended says so once', () => {
  expect(remarksOn('pools: { p: { workers: 1, tasks: [a], command: die SIGKILL } }')).toContain('task 0 (`a`) of `p` failed: it was ended by SIGKILL');
});

it('a deadlock that is no circle is not told as one', () => {
  const remarks = remarksOn(`
events: { go: }
processes:
  a: { steps: [{ wait: go }, { start: late }] }
  late: { autostart: false, steps: [{ set: go }] }
`);
  const said = remarks.indexOf('deadlock: none of these can go on');
  expect(remarks[said + 1]).toMatch(/^ {2}`a` waits for event `go`/u);
});

it('a deadlock on what a daemon keeps says which daemon', () => {
  const remarks = remarksOn(`
locks: { port: }
daemons: { server: { with: port, command: forever } }
processes: { check: { depends_on: { server: { condition: start } }, with: port, command: echo } }
`, { inOrder: { order: new FollowSchedule({ operations: [], waiting: [], endless: [], isWhole: false }, () => expect.unreachable()), endless: new Set(['server']), standInOf: () => ({ deeds: [], end: 'never' }) } });
  const said = remarks.indexOf('deadlock: none of these can go on');
  expect(remarks[said + 1]).toMatch(/^ {2}`check` waits for lock `port`, held by `server`/u);
});

it('a second signal is the same again only where it is the same', () => {
  const second = (signal: 'SIGINT' | 'SIGTERM'): string | undefined =>
    remarksOn('processes: { a: { command: ignore SIGTERM; forever } }', {
      signals: [{ atMs: 100, signal: 'SIGINT' }, { atMs: 400, signal }],
    }).find((remark) => remark.includes('1 s left'));
  expect(second('SIGINT')).toMatch(/^SIGINT again: everything has 1 s left/u);
  expect(second('SIGTERM')).toBe('SIGTERM as well: everything has 1 s left');
});

describe('the remark on a command that is stopped', () => {
  it('says where it is only a step whose time is over', () => {
    const remarks = remarksOn('processes: { a: { steps: [{ run: forever, timeout: 100ms, on_timeout: continue }] }, b: { command: sleep 1 } }');
    expect(remarks).toContain('stopping a step of `a` with SIGTERM: `run` took longer than 100ms');
  });

  it('speaks of the whole where all of it is stopped', () => {
    const remarks = remarksOn('processes: { a: { steps: [{ run: forever }] }, b: { command: sleep 50; exit 1 } }');
    expect(remarks).toContain('stopping `a` with SIGTERM: `b` failed: it exited with 1');
  });
});
