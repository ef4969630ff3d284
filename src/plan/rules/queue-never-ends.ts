import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { isDeclaredEndless } from '../is-declared-endless.ts';
import type { Actor, InstancePlan } from '../plan.ts';
import type { Step } from '../step.ts';
import { walkSteps } from '../walk-steps.ts';
import { mayShutDown } from '../shuts-down.ts';
import type { RuleInput } from './rule.ts';
import { stoppedBySteps } from './stopped-by-steps.ts';

/**
 * MP506: a process reads a queue to its end, into which the program of a daemon may put, and daemons are stopped only
 * after all processes have ended. Certain where that daemon is declared endless. Pools and daemons made of steps are left
 * to the search for what can never end.
 */
export function queueNeverEnds(input: RuleInput): readonly Diagnostic[] {
  if (!input.gaps.isEmpty || !input.plan.instances.some(({ kind }) => kind === 'daemon')) return [];
  const stopped = stoppedBySteps(input);
  if (mayShutDown(input.plan)) return [];
  return input.plan.primitives.flatMap((queue) => {
    if (queue.kind !== 'queue') return [];
    const actors = input.actors.get(queue.name) ?? [];
    const daemons = actors.flatMap(({ action, who, place }) => {
      const instance = input.instances.get(who);
      if (action !== 'put' || instance?.kind !== 'daemon' || instance.body.type !== 'command') return [];
      return instance.autostart && !stopped.has(who) ? [{ instance, place }] : [];
    });
    const filler = daemons.find(({ instance }) => isDeclaredEndless(instance)) ?? daemons[0];
    const reader = actors.find((actor) => readsToTheEnd(input, actor) && !stopped.has(actor.who));
    if (filler === undefined || reader === undefined) return [];
    const isEndless = isDeclaredEndless(filler.instance) && reader.by.type === 'steps';
    const who = input.instances.get(reader.who)?.process ?? reader.who;
    const daemon = filler.instance.process;
    return [
      makeDiagnostic('MP506', `\`${who}\` reads \`${queue.name}\` to its end, which does not come while the daemon \`${daemon}\` may put, and that is stopped only after \`${who}\` has ended`, {
        range: input.locate(reader.place, 'value'),
        related: [{ message: `\`${daemon}\` may put here`, range: input.locate(filler.place, 'value') }],
        hint: `let \`${daemon}\` close it when all is put (\`mpctl queue close ${queue.name}\`), move \`${daemon}\` to \`processes\`, or \`${who}\` to \`daemons\``,
        ...(isEndless ? {} : { certainty: 'possible' as const }),
      }),
    ];
  });
}

function readsToTheEnd(input: RuleInput, { action, who, by, name }: Actor): boolean {
  const reader = input.instances.get(who);
  if (action !== 'get' || reader?.kind !== 'process' || reader.timeoutMs !== null) return false;
  if (by.type === 'stdio') return true;
  return by.type === 'steps' && hasEndlessEach(reader, name);
}

/** Whether steps take what comes, and have no other way out. */
function hasEndlessEach({ body }: InstancePlan, queue: string): boolean {
  if (body.type !== 'steps') return false;
  const steps: readonly Step[] = [...walkSteps(body.steps)];
  return steps.some((step) => step.verb === 'each' && step.source.name === queue && step.timeoutMs === null) && !steps.some(({ verb }) => verb === 'exit');
}
