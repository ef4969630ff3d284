import { describe, expect, it } from 'vitest';
import { countRun } from '../../rig/counted-run.ts';
import { planOf } from '../../rig/virtual-plan.ts';

const numbered = (count: number, line: (index: number) => string): string => Array.from({ length: count }, (_, index) => line(index)).join('\n');

/** Specs that can be made ten times as large. */
const specs: readonly (readonly [what: string, size: number, spec: (size: number) => string])[] = [
  ['tasks of a pool', 1000, (size) => `pools: { p: { workers: 8, tasks: { range: [1, ${size}] }, command: x } }`],
  ['tasks with results and a lock', 100, (size) => `locks: { l: }\npools: { p: { workers: 8, with: l, tasks: { range: [1, ${size}] }, command: x, results: { file: r } } }`],
  ['lines that are printed to a file', 100, (size) => `processes: { a: { stdout: { file: f }, steps: [{ repeat: ${size}, do: [{ print: x }] }] } }`],
  ['tasks made of steps', 100, (size) => `pools: { p: { workers: 8, tasks: { range: [1, ${size}] }, steps: [{ run: x }, { print: y }] } }`],
  ['tasks from a queue', 100, (size) => `queues: { q: }\npools: { p: { workers: 8, tasks: { queue: q }, command: x } }\nprocesses: { a: { steps: [{ repeat: ${size}, as: i, do: [{ put: q, item: "\${{ vars.i }}" }] }] } }`],
  ['submitted tasks', 100, (size) => `pools: { p: { workers: 8, command: x } }\nprocesses: { a: { steps: [{ repeat: ${size}, as: i, do: [{ submit: p, item: "\${{ vars.i }}", as: r }] }, { result: r }] } }`],
  ['replicas', 200, (size) => `processes: { a: { replicas: ${size}, command: x } }`],
  ['replicas under max_parallel', 60, (size) => `max_parallel: 8\nprocesses: { a: { replicas: ${size}, command: x } }`],
  ['replicas with a lock', 60, (size) => `locks: { l: }\nprocesses: { a: { replicas: ${size}, command: x, with: l } }`],
  ['replicas whose lock goes from one to the next', 60, (size) => `locks: { l: }\nprocesses: { a: { replicas: ${size}, steps: [{ with: l, do: [{ sleep: 2ms }] }] } }`],
  ['replicas that set an event together', 60, (size) => `events: { e: }\nprocesses: { a: { replicas: ${size}, command: x, sets: { exit: e } }, b: { command: x, wait_for: [e] } }`],
  ['replicas that all are waited for', 60, (size) => `processes: { a: { replicas: ${size}, command: x }, b: { command: x, depends_on: [a] } }`],
  ['replicas that all are waited for by replicas', 40, (size) => `processes: { a: { replicas: ${size}, command: x }, b: { replicas: ${size}, command: x, depends_on: [a] } }`],
  ['processes that wait for one event', 200, (size) => `events: { go: }\nprocesses: { a: { replicas: ${size}, command: x, wait_for: [go] }, s: { steps: [{ sleep: 10ms }, { set: go }] } }`],
  ['steps that wait for one event', 60, (size) => `events: { go: }\nprocesses: { a: { replicas: ${size}, steps: [{ wait: go }, { print: x }] }, s: { steps: [{ sleep: 10ms }, { set: go }] } }`],
  ['steps that all can set one event', 60, (size) => `events: { go: }\nprocesses: { a: { replicas: ${size}, steps: [{ print: x }, { set: go }] }, s: { steps: [{ wait: go }] } }`],
  ['parties of a barrier', 60, (size) => `barriers: { b: { parties: ${size} } }\nprocesses: { a: { replicas: ${size}, steps: [{ wait: b }] } }`],
  ['parties of a barrier that come one by one', 60, (size) => `barriers: { b: { parties: ${size} } }\nprocesses: { a: { replicas: ${size}, steps: [{ run: x }, { wait: b }] } }`],
  ['more than the parties of a barrier', 60, (size) => `barriers: { b: { parties: 2 } }\nprocesses: { a: { replicas: ${size}, steps: [{ run: x }, { wait: b }] } }`],
  ['daemons that depend on each other', 60, (size) => `daemons:\n${numbered(size, (index) => `  d${index}: { steps: [{ sleep: 1h }]${index === 0 ? '' : `, depends_on: { d${index - 1}: { condition: start } }`} }`)}\nprocesses: { a: { command: x } }`],
  ['dependents of one daemon', 60, (size) => `daemons: { d: { steps: [{ sleep: 1h }] }, e: { replicas: ${size}, steps: [{ sleep: 1h }], depends_on: [d] } }\nprocesses: { a: { command: x } }`],
  ['processes of finally', 60, (size) => `processes: { a: { command: x } }\nfinally: { f: { replicas: ${size}, command: x } }`],
  ['producers of a queue', 60, (size) => `queues: { q: }\nprocesses: { a: { replicas: ${size}, steps: [{ put: q, item: 1 }] }, c: { steps: [{ each: q, do: [{ print: x }] }] } }`],
  ['consumers of a queue', 60, (size) => `queues: { q: }\nprocesses: { a: { replicas: ${size}, steps: [{ each: q, do: [{ print: x }] }] }, c: { steps: [{ repeat: ${size}, do: [{ put: q, item: 1 }] }] } }`],
  ['processes that join one', 60, (size) => `processes: { a: { replicas: ${size}, steps: [{ join: b }] }, b: { steps: [{ repeat: 10, do: [{ sleep: 10ms }] }] } }`],
  ['steps of one process', 60, (size) => `events: { e: }\nprocesses: { a: { steps: [{ repeat: ${size}, do: [{ print: x }, { set: e }] }] } , b: { steps: [{ wait: e }] } }`],
  ['written-out steps', 60, (size) => `events: { e: }\nprocesses:\n  a:\n    steps:\n${numbered(size, () => '      - print: x')}\n      - set: e\n  b: { steps: [{ wait: e }] }`],
  ['a chain of processes', 60, (size) => `processes:\n${numbered(size, (index) => `  p${index}: { command: x${index === 0 ? '' : `, depends_on: [p${index - 1}]`} }`)}`],
  ['events of their own', 60, (size) => `events:\n${numbered(size, (index) => `  e${index}:`)}\nprocesses:\n${numbered(size, (index) => `  s${index}: { command: x, sets: { exit: e${index} } }\n  w${index}: { command: x, wait_for: [e${index}] }`)}`],
  ['locks of their own', 60, (size) => `locks:\n${numbered(size, (index) => `  l${index}:`)}\nprocesses:\n${numbered(size, (index) => `  p${index}: { steps: [{ with: l${index}, do: [{ print: x }] }] }`)}`],
  ['daemons', 60, (size) => `daemons: { d: { replicas: ${size}, command: x } }\nprocesses: { a: { command: x } }`],
];

describe('the work of an event does not grow with the size of the run', () => {
  it.each(specs)('%s', { timeout: 60_000 }, (_, size, spec) => {
    const small = countRun(planOf(spec(size)));
    const large = countRun(planOf(spec(10 * size)));
    expect([small.exitCode, large.exitCode]).toEqual([0, 0]);
    expect(large.work / small.work).toBeLessThan(13);
  });
});
