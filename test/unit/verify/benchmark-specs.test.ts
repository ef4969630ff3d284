import { expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** Philosophers as a spec; `steps` are those of one between two forks. */
function philosophers(count: number, steps: (left: string, right: string, index: number) => string, more = ''): string {
  const fork = (index: number): string => `fork${String(index % count)}`;
  const forks = range(count).map((index) => `${fork(index)}: null`);
  const seats = range(count).map((index) => `  p${String(index)}: { steps: [${steps(fork(index), fork(index + 1), index)}] }`);
  return `locks: { ${forks.join(', ')} }\n${more}processes:\n${seats.join('\n')}\n`;
}

const eats = (first: string, second: string): string => `{ acquire: ${first} }, { acquire: ${second} }, { run: eat }, { release: ${first} }, { release: ${second} }`;
const forever = (steps: string): string => `{ repeat: forever, do: [${steps}] }`;
const readersWriters = (takes: string): string =>
  `semaphores: { file: 3 }\nprocesses:\n  reader: { replicas: 3, steps: [${forever('{ acquire: file }, { run: read }, { release: file }')}] }\n  writer: { replicas: 2, steps: [${forever(`${takes}, { run: write }, { release: { name: file, permits: 3 } }`)}] }\n`;
const jobs = range(24).map((index) => `  job${String(index)}: { command: make${index < 8 ? '' : `, depends_on: [${range(8).map((other) => `job${String((Math.floor(index / 8) - 1) * 8 + other)}`).join(', ')}]`}, with: [slot, tree] }`);
/** Tasks that need a second worker of their pool while they have one. */
const nestedTasks = (workers: number, tasks: number): string =>
  `semaphores: { pool: ${String(workers)} }\nprocesses:\n  task: { replicas: ${String(tasks)}, steps: [{ acquire: pool }, { run: outer }, { acquire: pool }, { run: inner }, { release: { name: pool, permits: 2 } }] }\n`;

/** Milner's: a token goes round twice; a cell has its work done by another process, so that it passes the token on before or after. */
function scheduler(cells: number): string {
  const queues = range(cells).flatMap((index) => [`token${String(index)}: { capacity: 1${index === 0 ? ', items: [it]' : ''} }`, `work${String(index)}: { capacity: 1 }`]);
  const processes = range(cells).flatMap((index) => [
    `  cell${String(index)}: { steps: [{ repeat: 2, do: [{ get: token${String(index)} }, { put: work${String(index)}, item: go }, { put: token${String((index + 1) % cells)}, item: it }] }${index === 0 ? ', { get: token0 }' : ''}] }`,
    `  worker${String(index)}: { steps: [{ each: work${String(index)}, as: job, do: [{ run: work }] }] }`,
  ]);
  return `queues: { ${queues.join(', ')} }\nprocesses:\n${processes.join('\n')}\n`;
}

/** A pool with tasks that each submit another one to it and wait for that. */
const poolOfBuilds = (workers: number, inner: string): string =>
  `pools:\n  outer:\n    workers: ${String(workers)}\n    tasks: [a, b]\n    steps: [{ submit: ${inner}, item: part, as: part }, { result: part }]\n`;

/** Steps that are told on a shortest way to a deadlock; null where it is proved that there is none. */
it.each([
  ['5 philosophers, left fork first', philosophers(5, (left, right) => forever(eats(left, right))), 5],
  ['12 philosophers that eat once', philosophers(12, (left, right) => eats(left, right)), 12],
  ['6 philosophers, one left-handed', philosophers(6, (left, right, index) => forever(index === 0 ? eats(right, left) : eats(left, right))), null],
  ['4 philosophers, 3 in the room', philosophers(4, (left, right) => forever(`{ acquire: room }, ${eats(left, right)}, { release: room }`), 'semaphores: { room: 3 }\n'), null],
  ['philosophers that take both at once', philosophers(5, (left, right) => forever(`{ acquire: [${left}, ${right}] }, { run: eat }, { release: [${left}, ${right}] }`)), null],
  ['readers, and writers that take all one by one', readersWriters('{ acquire: file }, { acquire: file }, { acquire: file }'), 3],
  ['readers, and writers that take all at once', readersWriters('{ acquire: { name: file, permits: 3 } }'), null],
  ['a bounded buffer', 'queues: { buffer: { capacity: 2 } }\nprocesses:\n  producer: { replicas: 2, steps: [{ put: buffer, items: [1, 2, 3, 4] }] }\n  consumer: { replicas: 2, steps: [{ each: buffer, as: item, do: [{ run: use }] }] }\n', null],
  ['a barrier of 6, again and again', `barriers: { meet: { parties: 6 } }\nprocesses: { party: { replicas: 6, steps: [${forever('{ wait: meet }')}] } }\n`, null],
  ['2 workers for 2 tasks that need another one', nestedTasks(2, 2), 2],
  ['4 workers for 4 tasks that need another one', nestedTasks(4, 4), 4],
  ['4 workers for 3 tasks that need another one', nestedTasks(4, 3), null],
  ['2 workers for tasks that submit to their own pool', poolOfBuilds(2, 'outer'), 4],
  ['2 workers for tasks that submit to another pool', `${poolOfBuilds(2, 'inner')}  inner: { workers: 1, command: make }\n`, null],
  ['the cyclic scheduler of 3', scheduler(3), null],
  ['3 stages of 8 jobs with a lock and a semaphore', `locks: { tree: null }\nsemaphores: { slot: 4 }\nprocesses:\n${jobs.join('\n')}\n`, null],
])('judges %s', (_, text, steps) => {
  const { verdict } = judge(validPlan(text), { maxStates: 250_000, mayGoOn: () => true });
  expect(verdict.type === 'counterexample' ? verdict.steps.length : verdict.type).toBe(steps ?? 'proved');
});
