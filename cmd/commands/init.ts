import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { makeDiagnostic } from '../../src/diagnostics/make-diagnostic.ts';
import { packagePath } from '../assets.ts';
import type { CommandContext } from '../context.ts';
import { exitCodes, exitWith } from '../exit.ts';
import { specNames } from '../find-spec.ts';
import { describeSystemError } from '../system-error.ts';
import { starterSpec } from '../starter-spec.ts';

const examples = `
Example:
  $ mpctl init && mpctl run
`;

/** `mpctl init`: a first spec to change, never over one that is there. */
export function defineInit(program: Command, context: CommandContext): Command {
  return program
    .command('init')
    .description('Write a small mpctl.yaml with comments, to begin with.')
    .addHelpText('after', examples)
    .action(() => {
      context.exit = exitWith(writeStarter(context) ? exitCodes.success : exitCodes.environment);
    });
}

function writeStarter(context: CommandContext): boolean {
  const { host } = context;
  const [name] = specNames;
  try {
    // `wx` leaves no moment between the look and the write in which another program could be first.
    writeFileSync(path.join(host.workingDir, name), starterSpec(schemaFor(host.workingDir)), { flag: 'wx' });
  } catch (error) {
    const { code, sentence } = describeSystemError(error);
    context.printDiagnostics([
      code === 'EEXIST'
        ? makeDiagnostic('MP015', `\`${name}\` is already here, and it was not touched`, { hint: '`mpctl run` runs it' })
        : makeDiagnostic('MP016', `\`${name}\` could not be written: ${sentence}`),
    ]);
    return false;
  }
  host.stdout.write(`wrote ${name}; run it with: mpctl run\n`);
  return true;
}

/** Relative where mpctl is a dependency of the project, so that the spec can be shared; else of this copy. */
function schemaFor(workingDir: string): string {
  const parts = ['schemas', 'mpctl.schema.json'] as const;
  const dependency = path.join('node_modules', 'mpctl', ...parts);
  return existsSync(path.join(workingDir, dependency)) ? dependency : packagePath(...parts);
}
