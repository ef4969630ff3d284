import type { CompileContext } from './compile-context.ts';
import { takes } from './exact-misses.ts';
import { releasesMore } from './releases-more.ts';

/**
 * Says which daemons are ended with a run that is stopped where they wait for their start, or for another attempt, though somebody who lives on may wait for the
 * permits that they would give back: whatever else they would do is refused then. In the model they live on, too (`src/engine/run-life.ts`).
 */
export function sayWhoIsStoppedFirst(context: CompileContext): void {
  const left = context.works.filter((work) => ('kind' in work && work.kind !== 'process') || context.isStartedLast(work.name));
  const semaphores = context.plan.primitives.filter(({ kind, name }) => kind === 'semaphore' && left.some((work) => work.declaredHolds.includes(name) || takes(context, work, name)));
  for (const { name, kind, body, dependsOn, waitFor, holds, restart, place } of context.plan.instances) {
    if (kind !== 'daemon' || body.type !== 'steps' || (dependsOn.length + waitFor.length + holds.length === 0 && restart === 'no')) continue;
    const given = semaphores.find((semaphore) => releasesMore(body.steps, holds, semaphore.name));
    if (given !== undefined) context.assume('left_out', `\`finally\` of a run that is stopped before the daemon \`${name}\` starts, which gives back permits of \`${given.name}\``, place);
  }
}
