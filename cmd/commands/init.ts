import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { exitCodes } from '../../src/base/exit-codes.ts';
import { makeDiagnostic } from '../../src/diagnostics/make-diagnostic.ts';
import { readSchema } from '../assets.ts';
import type { CommandContext } from '../context.ts';
import { editorSchemaOf, schemaFile } from '../editor-schema.ts';
import { exitWith } from '../exit.ts';
import { specNames } from '../find-spec.ts';
import { describeSystemError } from '../system-error.ts';
import { starterSpec } from '../starter-spec.ts';

const examples = `
Example:
  $ mpctl init && mpctl run
`;

/** `mpctl init`: a first spec to change, with its schema for editors, and never over a file that is there. */
export function defineInit(program: Command, context: CommandContext): Command {
  return program
    .command('init')
    .description('Write a small mpctl.yaml with comments, to begin with, and its schema for editors.')
    .addHelpText('after', examples)
    .action(() => {
      context.exit = exitWith(writeStarter(context) ? exitCodes.success : exitCodes.environment);
    });
}

function writeStarter(context: CommandContext): boolean {
  const { host } = context;
  const [specName] = specNames;
  const schema = editorSchemaOf(host.workingDir);
  // A second spec would be taken in place of an `mpctl.yml` that is there already.
  const present = specNames.find((name) => existsSync(path.join(host.workingDir, name)));
  if (present !== undefined) {
    refuseExisting(context, present);
    return false;
  }
  if (!writeNew(context, specName, starterSpec(schema.reference))) return false;
  if (schema.isMissing && !writeNew(context, schemaFile, readSchema())) return false;
  const written = schema.isMissing ? `${specName}, and ${schemaFile} for editors` : specName;
  host.stdout.write(`wrote ${written}; run it with: mpctl run\n`);
  return true;
}

/** Writes a file that is not there yet; says why where it cannot. */
function writeNew(context: CommandContext, name: string, text: string): boolean {
  try {
    // `wx` leaves no moment between the look and the write in which another program could be first.
    writeFileSync(path.join(context.host.workingDir, name), text, { flag: 'wx' });
    return true;
  } catch (error) {
    const { code, sentence } = describeSystemError(error);
    if (code === 'EEXIST') refuseExisting(context, name);
    else context.printDiagnostics([makeDiagnostic('MP016', `\`${name}\` could not be written: ${sentence}`)]);
    return false;
  }
}

function refuseExisting(context: CommandContext, name: string): void {
  context.printDiagnostics([makeDiagnostic('MP015', `\`${name}\` is already here, and it was not touched`, { hint: '`mpctl run` runs it' })]);
}
