import type { RunEvent } from '../../src/engine/run-event.ts';
import { planOf } from './virtual-plan.ts';
import { runVirtually, type WorldResult } from './virtual-world.ts';
import type { WorldOptions } from './world-options.ts';

/** What came of one run of a spec, and questions that tests ask of it. */
export interface Played extends WorldResult {
  /** Events of one kind, in order. */
  of<Type extends RunEvent['type']>(type: Type): readonly Extract<RunEvent, { type: Type }>[];
  /** When an instance was started, attempt by attempt, in ms. */
  starts(instance: string): readonly number[];
  /** How an instance or a pool ended the last time. */
  ended(name: string): Extract<RunEvent, { type: 'instance.ended' | 'pool.ended' }>;
  /** When an instance or a pool ended the last time, in ms. */
  endedAt(name: string): number;
  /** The lines that an instance wrote, without their times. */
  lines(instance: string): readonly string[];
  /** The signals that the command of an instance was sent, with their times. */
  signalsTo(instance: string): readonly string[];
}

/** Runs a spec in the virtual world. */
export function play(text: string, options: WorldOptions = {}): Played {
  const result = runVirtually(planOf(text), options);
  const of = <Type extends RunEvent['type']>(type: Type): readonly Extract<RunEvent, { type: Type }>[] =>
    result.events.filter((event): event is Extract<RunEvent, { type: Type }> => event.type === type);
  const ended = (name: string): Extract<RunEvent, { type: 'instance.ended' | 'pool.ended' }> => {
    const found = [...of('instance.ended').filter(({ instance }) => instance === name), ...of('pool.ended').filter(({ pool }) => pool === name)].at(-1);
    if (found === undefined) throw new Error(`\`${name}\` has not ended`);
    return found;
  };
  return {
    ...result,
    of,
    ended,
    endedAt: (name) => ended(name).at,
    starts: (name) => of('instance.started').flatMap(({ instance, at }) => (instance === name ? [at] : [])),
    lines: (name) => result.output.flatMap(({ instance, text: line }) => (instance === name ? [line] : [])),
    signalsTo: (name) => result.signals.flatMap(({ instance, signal, atMs }) => (instance === name ? [`${signal} at ${atMs}`] : [])),
  };
}
