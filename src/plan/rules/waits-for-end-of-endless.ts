import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { endAwaits } from './end-awaits.ts';
import type { RuleInput } from './rule.ts';

/** MP203: a process with `restart: always` never ends, so nothing may wait for its end. */
export function waitsForEndOfEndless(input: RuleInput): readonly Diagnostic[] {
  return endAwaits(input)
    .filter(({ endless }) => endless.kind !== 'daemon')
    .map(({ waiter, what, name, endless, range, weight }) =>
      makeDiagnostic(
        'MP203',
        `\`${waiter}\` waits for the ${what} of \`${name}\`, which is restarted for ever`,
        {
          range,
          ...weight,
          related: [
            {
              message: 'declared endless here',
              range: input.locate([...endless.place, 'restart'], 'value'),
            },
          ],
          hint: `wait for \`ready\` of \`${name}\`, or give it \`restart: on_failure\``,
        },
      ),
    );
}
