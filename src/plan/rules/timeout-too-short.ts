import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { dependencyGraph } from '../dependency-graph.ts';
import { describeDuration } from '../render/describe-duration.ts';
import { earliestMoments, leastSleepMs } from './earliest-moments.ts';
import type { RuleInput } from './rule.ts';

/**
 * MP704: a wait before a start, or a process, has less time than what it waits for, or does, takes for certain: the delay
 * before a first probe, and `sleep` steps.
 */
export function timeoutTooShort(input: RuleInput): readonly Diagnostic[] {
  if (!input.gaps.isEmpty) return [];
  return [...shortWaits(input), ...shortLives(input)];
}

function shortWaits(input: RuleInput): readonly Diagnostic[] {
  const timed = input.works.filter((work) => work.autostart && !('kind' in work && work.kind === 'finally') && work.dependsOn.some(({ timeoutMs }) => timeoutMs !== null));
  if (timed.length === 0) return [];
  const earliest = earliestMoments(dependencyGraph(input.plan));
  return timed.flatMap((work) =>
    work.dependsOn.flatMap((dependency) => {
      const { name, moment, timeoutMs, place } = dependency;
      const soonestMs = earliest(dependency);
      if (timeoutMs === null || timeoutMs >= soonestMs) return [];
      const waiter = 'process' in work ? work.process : work.name;
      return [
        makeDiagnostic('MP704', `\`${waiter}\` waits ${describeDuration(timeoutMs)} for \`${name}\` (${moment}), which takes ${describeDuration(soonestMs)} at least`, {
          range: input.locate([...place, 'timeout'], 'value'),
          hint: `give it more than ${describeDuration(soonestMs)}, or shorten the \`${moment === 'ready' ? 'initial_delay' : 'sleep'}\``,
        }),
      ];
    }),
  );
}

function shortLives(input: RuleInput): readonly Diagnostic[] {
  return input.bodies.flatMap(({ owner, work, steps }) => {
    const timeoutMs = 'tasks' in work ? work.taskTimeoutMs : work.timeoutMs;
    const sleptMs = timeoutMs === null ? 0 : leastSleepMs(steps);
    if (timeoutMs === null || sleptMs <= timeoutMs) return [];
    return [
      makeDiagnostic('MP704', `\`${owner}\` has ${describeDuration(timeoutMs)} for steps that sleep ${describeDuration(sleptMs)} alone`, {
        range: input.locate([...work.place, 'timeout'], 'value'),
        hint: `give it more than ${describeDuration(sleptMs)}, or shorten the \`sleep\``,
      }),
    ];
  });
}
