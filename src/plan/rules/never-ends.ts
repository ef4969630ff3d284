import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { isDeclaredEndless } from '../is-declared-endless.ts';
import type { InstancePlan, PoolPlan } from '../plan.ts';
import type { Step } from '../step.ts';
import { walkSteps } from '../walk-steps.ts';
import { waysOutOf } from '../ways-out.ts';
import { endAwaits } from './end-awaits.ts';
import { mayShutDown } from '../shuts-down.ts';
import type { RuleInput } from './rule.ts';
import { stoppedBySteps } from './stopped-by-steps.ts';

/**
 * MP701: the run waits for the end of something that never ends by itself: a process with
 * `restart: always`, or steps that `repeat: forever` without a way out. Left out is what a step or a
 * program may end, what somebody waits for in vain, and every spec in which a step or a command ends the whole run.
 */
export function neverEnds(input: RuleInput): readonly Diagnostic[] {
  const { gaps } = input;
  if (gaps.mayHide('stop') || gaps.mayHide('start')) return [];
  if (mayShutDown(input.plan)) return [];
  const names = stoppedBySteps(input);
  const stopped = new Set([...names].map((name) => input.instances.get(name)?.process ?? name));
  const awaited = new Set(endAwaits(input).map(({ endless }) => endless.process));
  return input.works.flatMap((work) => {
    if (('kind' in work && work.kind === 'daemon') || stopped.has(ownerOf(work)) || awaited.has(ownerOf(work))) return [];
    return [...restartedForEver(input, work), ...repeatedForEver(input, work)];
  });
}

function restartedForEver(input: RuleInput, work: InstancePlan | PoolPlan): readonly Diagnostic[] {
  if (!('restart' in work) || !isDeclaredEndless(work)) return [];
  return [
    makeDiagnostic('MP701', `\`${work.process}\` is restarted for ever, so the run lasts until it is stopped`, {
      range: input.locate([...work.place, 'restart'], 'value'),
      hint:
        work.kind === 'finally'
          ? 'what is to end wants `restart: on_failure`'
          : 'end it with Ctrl-C, or move it to `daemons`, which are stopped when everything else has ended',
    }),
  ];
}

function repeatedForEver(input: RuleInput, work: InstancePlan | PoolPlan): readonly Diagnostic[] {
  if (work.body.type !== 'steps' || input.gaps.isIn([...work.place, 'steps'])) return [];
  if (('timeoutMs' in work ? work.timeoutMs : work.taskTimeoutMs) !== null) return [];
  const loop = [...walkSteps(work.body.steps)].find((step) => step.verb === 'repeat' && step.rounds === 'forever' && !hasWayOut(step));
  if (loop === undefined) return [];
  const isProcess = 'kind' in work && work.kind === 'process';
  return [
    makeDiagnostic('MP701', `\`${ownerOf(work)}\` repeats these steps for ever, and none of them leaves, so the run lasts until it is stopped`, {
      range: input.locate([...loop.place, 'repeat'], 'value'),
      hint: `let a step end it: \`exit: 0\`${isProcess ? '; or move it to `daemons`, which are stopped when everything else has ended' : ''}`,
    }),
  ];
}

function ownerOf(work: InstancePlan | PoolPlan): string {
  return 'process' in work ? work.process : work.name;
}

/** Whether a step in a loop may end it: with its process, at the end of the stream that it reads, or by a failure that is let pass. */
function hasWayOut(loop: Step): boolean {
  return waysOutOf(loop).through || [...walkSteps([loop])].some(({ verb }) => verb === 'exit');
}
