import type { Json } from '../../src/base/json.ts';
import { type EngineCall, isEngineCall } from '../../src/engine/caller.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { slotsOf } from '../../src/plan/slots-of.ts';
import { parseCall } from '../../src/protocol/parse-call.ts';
import type { Draw } from './draw.ts';

/** Calls one after the other, each once the one before it was granted. */
export type Asking = readonly EngineCall[];

type Work = Pick<Plan['instances'][number], 'declaredHolds' | 'taskDoneQueues'> & Partial<Pick<Plan['instances'][number], 'readinessProbe'>>;

/** What whoever declares it may ask, by the name of the instance or slot. */
export function askingsOf({ instances, pools, actors, primitives }: Plan): ReadonlyMap<string, readonly Asking[]> {
  const kinds = new Map(primitives.map(({ name, kind }) => [name, kind]));
  const askingsOfWork = (name: string, { declaredHolds, taskDoneQueues, readinessProbe = null }: Work): readonly Asking[] => {
    const uses = actors.filter(({ who, by }) => who === name && by.type === 'uses');
    return [
      // Of what it has to be done with it takes one after the other.
      ...uses.flatMap(({ action, name: thing }) => (action === 'get' && taskDoneQueues.includes(thing) ? [[callOf('queue.get', { name: thing }), callOf('queue.task_done', { name: thing })]] : deedsOf(action, thing, kinds.get(thing) ?? null))),
      ...(readinessProbe?.type === 'notify' ? [[callOf('run.ready')], [callOf('run.ready')]] : []),
      ...declaredHolds.map((held) => holding(kinds.get(held) === 'semaphore' ? 'semaphore' : 'lock', held)),
    ];
  };
  return new Map([
    ...instances.map((instance) => [instance.name, askingsOfWork(instance.name, instance)] as const),
    ...pools.flatMap((pool) => slotsOf(pool).map((slot) => [slot, askingsOfWork(pool.name, pool)] as const)),
  ]);
}

function holding(kind: 'lock' | 'semaphore', name: string): Asking {
  return [callOf(`${kind}.acquire`, { holds: [name] }), callOf(`${kind}.release`, { holds: [name] })];
}

function deedsOf(action: Plan['actors'][number]['action'], name: string, kind: string | null): readonly Asking[] {
  const one = (method: string, params: Readonly<Record<string, Json>> = {}): Asking => [callOf(method, { name, ...params })];
  switch (action) {
    case 'put':
      return [one('queue.put', { item: 1 }), one('queue.put', { items: [1, 2] }), one('queue.put', { item: 1, timeout_ms: 3 }), one('queue.close')];
    case 'get':
      return [one('queue.get'), one('queue.get'), one('queue.get', { timeout_ms: 3 })];
    case 'set':
      return [one('event.set'), one('event.set'), one('event.clear')];
    case 'wait':
      return kind === 'barrier' ? [one('barrier.wait'), one('barrier.wait', { timeout_ms: 3 }), one('barrier.abort'), one('barrier.reset')] : [];
    case 'submit':
      return [one('pool.submit', { item: 1 }), one('pool.submit', { items: [1, 2] }), one('pool.close'), one('pool.join', { timeout_ms: 3 })];
    case 'start':
      return [one('process.start'), one('process.start'), one('process.terminate'), one('process.kill')];
    case 'notify':
      return [];
  }
}

function callOf(method: string, params: Readonly<Record<string, Json>> = {}): EngineCall {
  const call = parseCall(method, params);
  if (!call.ok || !isEngineCall(call.value)) throw new Error(method);
  return call.value;
}

/** What a program by chance may do to its process. */
export interface ChanceSurroundings {
  readonly after: (delayMs: number, act: () => void) => void;
  readonly ask: (call: EngineCall, answered: (isGranted: boolean) => void) => void;
  readonly print: (text: string) => void;
  readonly end: (code: number | null, signal: string | null) => void;
}

const shortMs = [0, 0, 2, 8] as const;
const mostDeeds = 2;

/**
 * A program that does by chance what is declared of it, and ends by chance: with whatever code, of a signal, soon or late, unless it
 * is one that lasts. What it was refused it does not heed, or ends of it.
 */
export function actByChance(draw: Draw, askings: readonly Asking[], isLasting: boolean, surroundings: ChanceSurroundings): void {
  const chosen = askings.length === 0 ? [] : Array.from({ length: draw.below(mostDeeds + 1) }, () => draw.oneOf(askings));
  // Whoever lasts is not taken for one that never became ready.
  const ready = isLasting ? askings.filter(([call]) => call?.type === 'ready').slice(0, 1) : [];
  const calls = [...ready, ...chosen].flat();
  const goOn = (index: number): void => {
    const call = calls[index];
    if (isLasting || draw.chance(0.2)) surroundings.print('line');
    if (call === undefined) {
      if (isLasting) return;
      surroundings.after(draw.oneOf([0, 2, 8, 25]), () => endByChance(draw, surroundings));
      return;
    }
    surroundings.after(draw.oneOf(shortMs), () => {
      surroundings.ask(call, (isGranted) => {
        if (!isGranted && !isLasting && draw.chance(0.5)) surroundings.end(1, null);
        else goOn(index + 1);
      });
    });
  };
  goOn(0);
}

function endByChance(draw: Draw, { end }: ChanceSurroundings): void {
  const [code, signal] = draw.oneOf([[0, null], [0, null], [0, null], [0, null], [1, null], [1, null], [3, null], [null, 'SIGTERM'], [null, 'SIGKILL']] as const);
  end(code, signal);
}
