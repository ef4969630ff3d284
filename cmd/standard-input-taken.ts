import type { Diagnostic } from '../src/diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../src/diagnostics/make-diagnostic.ts';
import type { Plan } from '../src/plan/plan.ts';

/**
 * What of a plan reads mpctl's own standard input, for a spec that came from there: nothing of it is
 * left for anybody else, and a pool without tasks or a worker without input would pass for a success.
 */
export function standardInputTaken(plan: Plan): readonly Diagnostic[] {
  const pools = plan.pools
    .filter(({ tasks }) => tasks.type === 'stdin')
    .map(({ name }) => refuse(`pool \`${name}\` takes its tasks from standard input`));
  const workers = [...plan.instances, ...plan.pools]
    .filter(({ stdin }) => stdin.type === 'inherit')
    .map(({ name }) => refuse(`\`${name}\` has \`stdin: inherit\``));
  return [...pools, ...workers];
}

function refuse(reader: string): Diagnostic {
  return makeDiagnostic('MP004', `${reader}, and the spec itself was read from there`, {
    hint: 'give the spec as a file: `mpctl run FILE`',
  });
}
