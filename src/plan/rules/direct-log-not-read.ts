import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { InstancePlan } from '../plan.ts';
import type { RuleInput } from './rule.ts';

/** A key that asks for what a direct log cannot give, and why. */
interface Misfit {
  readonly key: string;
  readonly why: string;
  readonly hint: string;
}

/** MP521: what a process writes into its log itself is read by nobody, and goes through no terminal. */
export function directLogNotRead({ plan, locate }: RuleInput): readonly Diagnostic[] {
  const reported = new Set<string>();
  return plan.instances
    .filter(({ log }) => log.direct)
    .flatMap((instance) =>
      misfitsOf(instance).flatMap(({ key, why, hint }) => {
        const { process, place } = instance;
        // The instances of one process share what is written.
        const written = `${process} ${key}`;
        if (reported.has(written)) return [];
        reported.add(written);
        const range = locate([...place, key], 'key');
        const related = key === 'log' ? [] : [{ message: 'its log is written directly, as is said here', range: locate([...place, 'log'], 'key') }];
        return [makeDiagnostic('MP521', `\`${process}\` has \`log: direct\`, ${why}`, { range, related, hint })];
      }),
    );
}

function misfitsOf({ tty, body, stdout, stderr, readinessProbe }: InstancePlan): readonly Misfit[] {
  if (tty) return [{ key: 'tty', why: 'and a pseudo-terminal has to be read', hint: 'remove `tty: true`, or `log: direct`' }];
  const found: Misfit[] = [];
  const targets = new Set([stdout.type, stderr.type]);
  // Steps have lines of their own, which `print` gives, and that are seen.
  if (body.type === 'command' && readinessProbe?.type === 'log_line' && !targets.has('queue')) {
    found.push({ key: 'readiness_probe', why: 'so no line of it is seen that could answer the probe', hint: 'probe by another way, or remove `log: direct`' });
  }
  if (body.type === 'command' && !targets.has('log')) found.push({ key: 'log', why: 'and neither its stdout nor its stderr goes to the log', hint: 'remove `log: direct`' });
  return found;
}
