import { makeDiagnostic } from '../src/diagnostics/make-diagnostic.ts';
import { CommandContext } from './context.ts';
import type { ProcessHost } from './process-host.ts';
import { describeSystemError } from './system-error.ts';

/** Says on standard error, as soon as it is so, that standard output loses what is written to it: MP016. */
export function tellLostOutput(host: ProcessHost): void {
  host.stdout.onFailure((error) => {
    const message = `standard output could not be written: ${describeSystemError(error).sentence}`;
    new CommandContext(host).printDiagnostics([makeDiagnostic('MP016', message)]);
  });
}
