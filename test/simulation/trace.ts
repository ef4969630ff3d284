import { Engine } from '../../src/engine/engine.ts';
import { type EngineMaker, type Failure, faultOf } from './simulate.ts';

/** What an effect that takes up room says little in. */
const mostShown = 300;

/** What the engine heard and wanted, in the order of time. */
export function traceOf({ drawn, schedule }: Failure): readonly string[] {
  const lines: string[] = [];
  const note = (mark: string, nowMs: number | null, what: unknown): void => {
    lines.push(`${nowMs === null ? '' : `${nowMs.toFixed(0)} ms `}${mark} ${JSON.stringify(what).slice(0, mostShown)}`);
  };
  const traced: EngineMaker = (...input) => {
    const engine = new Engine(...input);
    return {
      step: (event, nowMs) => {
        note('>', nowMs, event);
        const effects = engine.step(event, nowMs);
        for (const effect of effects) note('  <', null, effect);
        return effects;
      },
      rest: () => engine.rest(),
      nextWakeMs: () => engine.nextWakeMs(),
    };
  };
  faultOf(drawn.plan, schedule, traced);
  return lines;
}
