import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { endAwaits } from './end-awaits.ts';
import type { RuleInput } from './rule.ts';

/** MP204: an endless daemon is stopped only after everything else, so nothing may wait for its end. */
export function waitsForEndOfDaemon(input: RuleInput): readonly Diagnostic[] {
  return endAwaits(input)
    .filter(({ endless }) => endless.kind === 'daemon')
    .map(({ waiter, what, name, endless, range, weight }) =>
      makeDiagnostic(
        'MP204',
        `\`${waiter}\` waits for the ${what} of the daemon \`${name}\`, which is restarted for ever and stopped only after \`${waiter}\` has ended`,
        {
          range,
          ...weight,
          related: [
            {
              message: 'declared endless here',
              range: input.locate([...endless.place, 'restart'], 'value'),
            },
          ],
          hint: `wait for \`ready\` of \`${name}\`, or remove its \`restart: always\``,
        },
      ),
    );
}
