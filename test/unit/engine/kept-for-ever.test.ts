import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { planOf } from '../../rig/virtual-plan.ts';
import { play } from '../../rig/virtual-play.ts';

const spin = '{ repeat: forever, do: [{ sleep: 1m }] }';

const head = 'timeout: 1h\nlocks: { l: , m: }\nsemaphores: { s: 2 }\nevents: { go: , never: }\n';
const job = 'processes:\n  job: { steps: [{ wait: go }, { acquire: l }] }\n';

const judged = (text: string): string => judge(planOf(text), { maxStates: 20_000, mayGoOn: () => true }).verdict.type;

describe('whoever waits for what somebody keeps who goes on for ever is deadlocked, as the check says', () => {
  it.each([
    ['a daemon that holds it from its start on', `${head}daemons: { d: { with: [l], steps: [{ set: go }, ${spin}] } }\n${job}`],
    ['within a `with`', `${head}daemons: { d: { steps: [{ with: l, do: [{ set: go }, ${spin}] }] } }\n${job}`],
    ['behind an acquire, and in front of a release that it never comes to', `${head}daemons: { d: { steps: [{ acquire: l }, { set: go }, ${spin}, { release: l }] } }\n${job}`],
    ['a process', `${head}${job}  p: { steps: [{ acquire: l }, { set: go }, ${spin}] }`],
    ['who takes another lock in each round', `${head}daemons: { d: { with: [l], steps: [{ set: go }, { repeat: forever, do: [{ sleep: 1s }, { with: m, do: [{ sleep: 1s }], timeout: 5s, on_timeout: continue }] }] } }\n${job}`],
    ['who is on his way to a loop by the time', `${head}daemons: { d: { steps: [{ acquire: l }, { set: go }, { wait: never, timeout: 1m, on_timeout: continue }, ${spin}] } }\n${job}  q: { uses: { never: set }, command: sleep 100000 }\n`],
    ['several permits of a semaphore', `${head}daemons: { d: { with: [{ name: s, permits: 2 }], steps: [{ set: go }, ${spin}] } }\n${job.replace('acquire: l', 'acquire: s')}`],
  ])('%s', (_, text) => {
    const played = play(text);
    expect(played.of('run.deadlock').map(({ cycle, circle }) => [cycle.map(({ instance, waits }) => [instance, waits.by]), circle])).toEqual([[[['job', [text.includes('  p:') ? 'p' : 'd']]], false]]);
    expect([played.end.exitCode, judged(text)]).toEqual([5, 'counterexample']);
  });
});

it.each(['', ', timeout: 1s'])('whoever waits at a condition%s does not go on by the end of who keeps its lock for ever', (limit) => {
  const text = `${head}conditions: { c: { lock: l } }\ndaemons: { d: { wait_for: [go], with: [l], steps: [${spin}] } }\nprocesses:\n  job: { steps: [{ with: l, do: [{ set: go }, { wait: c${limit} }] }] }\n  q: { steps: [{ join: job }, { with: l, do: [{ notify: c }] }] }\n`;
  const played = play(text);
  expect(played.of('run.deadlock').map(({ cycle }) => cycle.map(({ instance }) => instance))).toEqual([['job', 'q']]);
  expect([played.end.exitCode, judged(text)]).toEqual([5, 'counterexample']);
});

describe('nobody is deadlocked as long as it may come back', () => {
  it.each([
    ['by a release in a round that has begun', `daemons: { d: { steps: [{ repeat: forever, do: [{ acquire: l }, { set: go }, { sleep: 1s }, { release: l }, { sleep: 1s }] }] } }\n${job}`],
    ['since the loop has an end', `daemons: { d: { steps: [{ with: l, do: [{ set: go }, { repeat: 5, do: [{ sleep: 1s }] }] }, ${spin}] } }\n${job}`],
    ['since a step in it is its end', `daemons: { d: { with: [l], steps: [{ set: go }, { repeat: forever, do: [{ sleep: 1s }, { exit: 0 }] }] } }\n${job}`],
    ['since its command may fail', `daemons: { d: { allow_failure: true, with: [l], steps: [{ set: go }, { repeat: forever, do: [{ run: sleep 1000 }, { run: exit 1 }] }] } }\n${job}`],
    ['since it has only so much time', `daemons: { d: { allow_failure: true, timeout: 1m, with: [l], steps: [{ set: go }, ${spin}] } }\n${job}`],
    ['since somebody is about to stop it', `daemons: { d: { with: [l], steps: [{ set: go }, ${spin}] } }\n${job}  k: { steps: [{ sleep: 1m }, { terminate: d }] }\n`],
    ['since whoever has started it is about to kill it', `daemons: { d: { with: [l], autostart: false, steps: [{ set: go }, ${spin}] } }\n${job}  k: { steps: [{ start: d }, { sleep: 1m }, { kill: d }] }\n`],
    ['since the end of a stream ends the loop', `queues: { q: }\ndaemons: { d: { steps: [{ with: l, do: [{ set: go }, { repeat: forever, do: [{ get: q }] }] }] } }\n${job}  k: { steps: [{ sleep: 1m }, { put: q, item: 1 }] }\n`],
    ['since it waits for no process that has to end', `daemons: { d: { with: [l], steps: [{ set: go }, ${spin}] }, e: { steps: [{ wait: go }, { acquire: l }] } }\nprocesses: { p: { steps: [{ sleep: 1m }] } }`],
    ['with its end, which `finally` waits for', `daemons: { d: { with: [l], steps: [{ set: go }, ${spin}] } }\nprocesses: { p: { steps: [{ wait: go }] } }\nfinally: { bye: { with: [l], steps: [{ sleep: 1s }] } }`],
  ])('%s', (_, text) => {
    const played = play(head + text);
    expect([played.of('run.deadlock'), played.end.exitCode]).toEqual([[], 0]);
  });
});

it.each([
  ['its program may end at any time', `daemons: { d: { with: [l], command: forever, sets: { start: go } } }\n${job}`],
  ['a program may stop it', `daemons: { d: { with: [l], steps: [{ set: go }, ${spin}] } }\n${job}  k: { uses: { d: start }, command: forever }\n`],
  ['a command among its steps may give it back', `daemons: { d: { with: [l], steps: [{ set: go }, { repeat: forever, do: [{ run: sleep 100000, allow_failure: true }] }] } }\n${job}`],
])('a run waits as long as it lasts for what is kept where %s, though the check takes nobody to do that', (_, text) => {
  const played = play(head + text);
  expect([played.of('run.deadlock'), played.end.exitCode, judged(head + text)]).toEqual([[], 124, 'counterexample']);
});
