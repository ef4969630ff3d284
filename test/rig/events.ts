import { type RunEvent, type RunEventBody, runEventVersion } from '../../src/engine/run-event.ts';

type BodyOf<T extends RunEventBody['type']> = Extract<RunEventBody, { readonly type: T }>;

/** One event at a time in milliseconds since the run began. */
export function event(at: number, body: RunEventBody): RunEvent {
  return { v: runEventVersion, at, ...body };
}

/**
 * The beginning of a run; `api:daemon` announces a daemon, `worker-1/worker` an instance of
 * `worker`.
 */
export function runStarted(
  instances: readonly string[],
  pools: readonly { readonly name: string; readonly workers: number }[] = [],
): RunEvent {
  return event(0, {
    type: 'run.started',
    run: '20260102-030405-k3v9',
    name: 'nightly',
    spec: 'mpctl.yaml',
    pid: 4000,
    folder: '/srv/project/.mpctl/runs/20260102-030405-k3v9',
    containment: 'marker',
    instances: instances.map((text) => {
      const [names = '', kind = 'process'] = text.split(':');
      const [name = '', process = name] = names.split('/');
      return { name, process, kind };
    }),
    pools,
  });
}

/** A line of a worker. */
export function output(
  at: number,
  instance: string,
  line: string,
  stream: 'stdout' | 'stderr' = 'stdout',
): RunEvent {
  return event(at, { type: 'output', instance, stream, line });
}

/** The start of an attempt. */
export function started(
  at: number,
  instance: string,
  pid: number | null = 4001,
  attempt = 1,
): RunEvent {
  return event(at, { type: 'instance.started', instance, attempt, pid });
}

/** The end of an instance; a success with exit code 0 unless told otherwise. */
export function ended(
  at: number,
  instance: string,
  end: Partial<BodyOf<'instance.ended'>> = {},
): RunEvent {
  return event(at, {
    type: 'instance.ended',
    instance,
    state: 'succeeded',
    reason: 'exited',
    exitcode: 0,
    signal: null,
    shellCode: 0,
    durationMs: 100,
    attempts: 1,
    why: 'exited with 0',
    hint: null,
    allowed: false,
    ...end,
  });
}

/** What is changed of `ended` for an instance that never ran. */
export function skippedBecause(why: string): Partial<BodyOf<'instance.ended'>> {
  return {
    state: 'skipped',
    reason: 'skipped',
    exitcode: null,
    shellCode: null,
    durationMs: null,
    attempts: 0,
    why,
  };
}

/** What is changed of `ended` for an instance that exited with a code that is no success. */
export function exitedWith(exitcode: number, durationMs = 100): Partial<BodyOf<'instance.ended'>> {
  return { state: 'failed', exitcode, durationMs, why: `exited with ${exitcode}` };
}

/** The end of the run; a success unless told otherwise. */
export function runEnded(durationMs: number, end: Partial<BodyOf<'run.ended'>> = {}): RunEvent {
  return event(durationMs, {
    type: 'run.ended',
    outcome: 'success',
    exitCode: 0,
    signal: null,
    durationMs,
    why: '',
    ...end,
  });
}

/** The fate of a task of the pool `hash`. */
export function taskEnded(
  at: number,
  task: number,
  worker: number,
  end: Partial<BodyOf<'task.ended'>> = {},
): RunEvent {
  return event(at, {
    type: 'task.ended',
    pool: 'hash',
    task,
    item: `file-${task}`,
    fate: 'succeeded',
    value: '',
    exitcode: 0,
    signal: null,
    attempts: 1,
    worker,
    durationMs: 40,
    why: 'exited with 0',
    hint: null,
    ...end,
  });
}
