/*
 * Counts the work of a run instead of timing it: how often the blocks of the engine and of the primitives
 * were entered, as V8's own coverage counts them. The run itself is as quick as can be: every command
 * succeeds as soon as it is started, and everything is heard in order.
 */
import { Session } from 'node:inspector';
import { setFlagsFromString } from 'node:v8';
import { createMemoryBroker } from '../../src/broker/memory-broker.ts';
import type { Effect } from '../../src/engine/effect.ts';
import { Engine } from '../../src/engine/engine.ts';
import type { EngineEvent } from '../../src/engine/engine-event.ts';
import { jobserverDefinitions, runSlotDefinitions } from '../../src/engine/limit-definitions.ts';
import type { Plan } from '../../src/plan/plan.ts';

/** What a run came to, and what it cost. */
export interface CountedRun {
  readonly exitCode: number | null;
  /** Commands that were started. */
  readonly commands: number;
  /** Entries into functions, loops and branches of the counted rooms. */
  readonly work: number;
}

const countedRooms = /\/src\/(?:engine|sync|broker)\//u;

/** Runs a plan to its end and counts the work of it. */
export function countRun(plan: Plan): CountedRun {
  // Optimised code no longer counts.
  setFlagsFromString('--no-opt');
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  try {
    const ended = runAtOnce(plan);
    return { ...ended, work: countEntries(session) };
  } finally {
    session.post('Profiler.stopPreciseCoverage');
    session.disconnect();
    setFlagsFromString('--opt');
  }
}

/** Answers come in the same turn, as for every command of the inspector that concerns its own thread. */
function countEntries(session: Session): number {
  let work = 0;
  session.post('Profiler.takePreciseCoverage', (error, { result }) => {
    if (error !== null) throw error;
    for (const { url, functions } of result) {
      if (!countedRooms.test(url)) continue;
      for (const { ranges } of functions) for (const { count } of ranges) work += count;
    }
  });
  return work;
}

function runAtOnce(plan: Plan): Omit<CountedRun, 'work'> {
  const engine = new Engine(plan, {
    runId: 'run',
    runFolder: '/project/.mpctl/runs/run',
    environment: {},
    random: () => 0.5,
    signalNumber: () => 15,
    lineOf: () => null,
    isUnderMake: false,
  });
  const broker = createMemoryBroker([...plan.primitives, ...runSlotDefinitions(plan), ...jobserverDefinitions(plan, false)]);
  const events: EngineEvent[] = [{ type: 'begin' }];
  broker.listen((event) => events.push({ type: 'sync', event }));
  let nowMs = 0;
  const ended: { commands: number; exitCode: number | null } = { commands: 0, exitCode: null };
  const carryOut = (effect: Effect): void => {
    switch (effect.type) {
      case 'request':
        broker.request(effect.request, nowMs);
        return;
      case 'cancel_request':
        broker.cancel(effect.requestId, nowMs);
        return;
      case 'close':
        broker.close(effect.closing, nowMs);
        return;
      case 'owner_ended':
        broker.ownerEnded(effect.instance, effect.final, nowMs);
        return;
      case 'spawn': {
        const { key } = effect.order;
        ended.commands += 1;
        events.push(
          { type: 'spawned', key, pid: key },
          { type: 'exited', key, exit: { code: 0, signal: null }, groupIsAlive: false },
          { type: 'drained', key, captured: effect.order.collect ? 'out' : null, stdoutBytes: 0 },
        );
        return;
      }
      case 'open_results':
        events.push({ type: 'results_opened', pool: effect.pool, failure: null });
        return;
      case 'close_results':
        events.push({ type: 'results_closed', pool: effect.pool, failure: null });
        return;
      case 'print':
        if (effect.machine !== null) events.push({ type: 'printed', machine: effect.machine, failure: null });
        return;
      case 'finish':
        ended.exitCode = effect.end.exitCode;
        return;
      default:
    }
  };
  while (ended.exitCode === null) {
    // The list grows while it is walked.
    for (const event of events) for (const effect of engine.step(event, nowMs)) carryOut(effect);
    events.length = 0;
    for (const effect of engine.rest()) carryOut(effect);
    const nextMs = Math.min(engine.nextWakeMs() ?? Infinity, broker.nextDeadlineMs() ?? Infinity);
    if (ended.exitCode === null && nextMs === Infinity) throw new Error('the run hangs');
    nowMs = Math.max(nowMs, nextMs);
    broker.expire(nowMs);
    events.push({ type: 'tick' });
  }
  return ended;
}
