import type { RunEvent } from '../../src/engine/run-event.ts';
import {
  ended,
  event,
  exitedWith,
  output,
  runEnded,
  runStarted,
  skippedBecause,
  started,
  taskEnded,
} from './events.ts';

/** One `true`, and nothing else. */
export const single: readonly RunEvent[] = [
  runStarted(['true']),
  started(10, 'true'),
  ended(22, 'true', { durationMs: 12 }),
  runEnded(25),
];

/** A daemon with a probe, a process that depends on it and waits for a lock, and its success. */
export const success: readonly RunEvent[] = [
  runStarted(['db:daemon', 'migrate', 'api']),
  started(5, 'db', 4001),
  event(6, {
    type: 'instance.waiting',
    instance: 'migrate',
    for: [{ kind: 'dependency', name: 'db', detail: 'ready', by: ['db'] }],
  }),
  event(7, {
    type: 'instance.waiting',
    instance: 'api',
    for: [{ kind: 'dependency', name: 'migrate', detail: 'success', by: ['migrate'] }],
  }),
  output(90, 'db', 'listening on 5432', 'stderr'),
  event(100, { type: 'instance.ready', instance: 'db' }),
  started(101, 'migrate', 4002),
  output(150, 'migrate', 'step 1 of 1'),
  event(160, {
    type: 'instance.waiting',
    instance: 'migrate',
    for: [{ kind: 'hold', name: 'tree', detail: 'lock', by: ['db'] }],
  }),
  event(170, {
    type: 'instance.waiting',
    instance: 'migrate',
    for: [{ kind: 'hold', name: 'tree', detail: 'lock', by: ['db'] }],
  }),
  event(180, {
    type: 'instance.granted',
    instance: 'migrate',
    holds: ['tree'],
    ownerDied: ['tree'],
  }),
  event(180, { type: 'instance.running', instance: 'migrate' }),
  ended(400, 'migrate', { durationMs: 299 }),
  started(401, 'api', 4003),
  output(500, 'api', 'naïve 漢字 ok'),
  ended(3000, 'api', { durationMs: 2599 }),
  event(3001, { type: 'run.stopping', cause: 'done', why: 'every process has ended' }),
  event(3002, {
    type: 'instance.stopping',
    instance: 'db',
    signal: 'SIGTERM',
    graceMs: 5000,
    why: 'the run is over',
    step: false,
  }),
  output(3050, 'db', 'bye', 'stderr'),
  ended(3100, 'db', {
    state: 'stopped',
    reason: 'stopped',
    exitcode: -15,
    signal: 'SIGTERM',
    durationMs: 3095,
    why: 'stopped with SIGTERM',
  }),
  runEnded(3150),
];

/** One fails, one is skipped because of it, one fails and is spared, one is stopped. */
export const failure: readonly RunEvent[] = [
  runStarted(['lint', 'build', 'deploy', 'watch']),
  started(5, 'lint', 4001),
  started(6, 'build', 4002),
  started(7, 'watch', 4003),
  output(20, 'lint', '2 warnings', 'stderr'),
  ended(30, 'lint', { ...exitedWith(1, 25), allowed: true }),
  output(40, 'build', 'compiling'),
  output(50, 'build', 'error: no such file', 'stderr'),
  ended(60, 'build', exitedWith(3, 54)),
  ended(61, 'deploy', skippedBecause('`build` failed, and it was to wait for its success')),
  event(62, { type: 'run.stopping', cause: 'failure', why: '`build` exited with 3' }),
  event(63, {
    type: 'instance.stopping',
    instance: 'watch',
    signal: 'SIGTERM',
    graceMs: 5000,
    why: '`build` exited with 3',
    step: false,
  }),
  ended(70, 'watch', {
    state: 'stopped',
    reason: 'stopped',
    exitcode: -15,
    signal: 'SIGTERM',
    durationMs: 63,
    why: 'stopped because `build` exited with 3',
  }),
  runEnded(80, { outcome: 'failure', exitCode: 1, why: '`build` exited with 3' }),
];

/** Fails twice, each time with a wait before the next attempt, and then succeeds. */
export const restart: readonly RunEvent[] = [
  runStarted(['flaky', 'other']),
  started(1, 'flaky', 4001),
  started(2, 'other', 4002),
  ended(20, 'other', { durationMs: 18 }),
  output(30, 'flaky', 'attempt 1'),
  event(40, {
    type: 'instance.restarting',
    instance: 'flaky',
    attempt: 2,
    delayMs: 200,
    why: 'exited with 1',
  }),
  event(41, {
    type: 'instance.waiting',
    instance: 'flaky',
    for: [{ kind: 'backoff', name: '200 ms', detail: null, by: [] }],
  }),
  started(240, 'flaky', 4003, 2),
  output(250, 'flaky', 'attempt 2'),
  event(260, {
    type: 'instance.restarting',
    instance: 'flaky',
    attempt: 3,
    delayMs: 1300,
    why: 'ended by SIGSEGV',
  }),
  started(1560, 'flaky', 4004, 3),
  output(1570, 'flaky', 'attempt 3'),
  ended(1600, 'flaky', { attempts: 3, durationMs: 1599 }),
  runEnded(1610),
];

/** Two take two locks in opposite orders. */
export const deadlock: readonly RunEvent[] = [
  runStarted(['a', 'b']),
  started(1, 'a', null),
  started(2, 'b', null),
  event(10, {
    type: 'instance.waiting',
    instance: 'a',
    for: [{ kind: 'hold', name: 'right', detail: 'lock', by: ['b'] }],
  }),
  event(11, {
    type: 'instance.waiting',
    instance: 'b',
    for: [{ kind: 'hold', name: 'left', detail: 'lock', by: ['a'] }],
  }),
  event(11, {
    type: 'run.deadlock',
    circle: true,
    cycle: [
      { instance: 'a', waits: { kind: 'hold', name: 'right', detail: 'lock', by: ['b'] }, holds: ['left'], at: 'mpctl.yaml:4' },
      { instance: 'b', waits: { kind: 'hold', name: 'left', detail: 'lock', by: ['a'] }, holds: ['right', 'slots'], at: null },
    ],
  }),
  event(11, { type: 'run.stopping', cause: 'deadlock', why: '`a` and `b` wait for each other' }),
  ended(12, 'a', {
    state: 'stopped',
    reason: 'stopped',
    exitcode: null,
    durationMs: 11,
    why: 'stopped in a deadlock',
  }),
  ended(13, 'b', {
    state: 'stopped',
    reason: 'stopped',
    exitcode: null,
    durationMs: 11,
    why: 'stopped in a deadlock',
  }),
  runEnded(20, { outcome: 'failure', exitCode: 5, why: 'deadlock of `a` and `b`' }),
];

/** Ctrl-C while one waits for an event and one runs; then something in `finally`. */
export const interrupted: readonly RunEvent[] = [
  runStarted(['main', 'waiter', 'clean:finally']),
  started(1, 'main', 4001),
  event(2, {
    type: 'instance.waiting',
    instance: 'waiter',
    for: [{ kind: 'event', name: 'go', detail: null, by: ['main'] }],
  }),
  output(10, 'main', 'working'),
  event(500, { type: 'run.signal', signal: 'SIGINT', rung: 1, killInMs: null }),
  event(500, { type: 'run.stopping', cause: 'signal', why: 'mpctl was sent SIGINT' }),
  ended(501, 'waiter', skippedBecause('mpctl was sent SIGINT')),
  event(502, {
    type: 'instance.stopping',
    instance: 'main',
    signal: 'SIGTERM',
    graceMs: 5000,
    why: 'mpctl was sent SIGINT',
    step: false,
  }),
  ended(520, 'main', {
    state: 'stopped',
    reason: 'stopped',
    exitcode: -15,
    signal: 'SIGTERM',
    durationMs: 519,
    why: 'stopped because mpctl was sent SIGINT',
  }),
  event(521, { type: 'run.finally' }),
  started(522, 'clean', 4002),
  output(525, 'clean', 'swept'),
  ended(530, 'clean', { durationMs: 8 }),
  runEnded(540, {
    outcome: 'cancelled',
    exitCode: 130,
    signal: 'SIGINT',
    why: 'mpctl was sent SIGINT',
  }),
];

function poolTask(task: number): readonly RunEvent[] {
  const at = 10 + task * 50;
  const worker = (task % 2) + 1;
  const fails = task === 7;
  return [
    event(at, { type: 'task.started', pool: 'hash', task, worker, attempt: 1 }),
    output(
      at + 20,
      `hash-${worker}`,
      fails ? 'no such file' : `sum of ${task}`,
      fails ? 'stderr' : 'stdout',
    ),
    taskEnded(
      at + 40,
      task,
      worker,
      fails ? { fate: 'failed', exitcode: 1, why: 'exited with 1' } : {},
    ),
    event(at + 40, {
      type: 'pool.progress',
      pool: 'hash',
      done: task + 1,
      failed: task >= 7 ? 1 : 0,
      running: task === 9 ? 0 : 1,
      total: 10,
    }),
  ];
}

/** A pool of two workers with ten tasks, the eighth of which fails. */
export const pool: readonly RunEvent[] = [
  runStarted([], [{ name: 'hash', workers: 2 }]),
  event(5, { type: 'pool.started', pool: 'hash' }),
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap(poolTask),
  event(520, {
    type: 'pool.ended',
    pool: 'hash',
    state: 'failed',
    reason: 'task_failed',
    succeeded: 9,
    failed: 1,
    cancelled: 0,
    durationMs: 515,
    why: '1 of 10 tasks failed',
    allowed: false,
  }),
  runEnded(530, { outcome: 'failure', exitCode: 1, why: '`hash` failed: 1 of 10 tasks failed' }),
];

/** A thousand replicas that succeed, and one process beside them that does not. */
export const replicas: readonly RunEvent[] = [
  runStarted([
    ...Array.from({ length: 1000 }, (_, index) => `worker-${index + 1}/worker`),
    'collect',
  ]),
  ...Array.from({ length: 1000 }, (_, index) => started(index, `worker-${index + 1}`)),
  ...Array.from({ length: 1000 }, (_, index) => ended(1000 + index, `worker-${index + 1}`)),
  started(2000, 'collect'),
  ended(2100, 'collect', exitedWith(2)),
  runEnded(2150, { outcome: 'failure', exitCode: 1, why: '`collect` exited with 2' }),
];

/** All of them by name. */
export const recordedRuns = {
  single,
  success,
  failure,
  restart,
  deadlock,
  interrupted,
  pool,
  replicas,
} as const;
