import { makeDiagnostic } from '../src/diagnostics/make-diagnostic.ts';
import { readVersion } from './assets.ts';
import type { CommandContext } from './context.ts';

/** Says that mpctl itself is at fault, with what its authors need to find the place. */
export function reportBug(context: CommandContext, error: unknown): void {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  context.printDiagnostics([
    makeDiagnostic('MP001', `this is a bug in mpctl: ${message}`, { hint: 'please report it with the lines below' }),
  ]);
  const { nodeVersion, platform, architecture, stderr } = context.host;
  stderr.write(`\nmpctl ${readVersion()}, Node ${nodeVersion}, ${platform} ${architecture}\n${stack ?? message}\n`);
}
