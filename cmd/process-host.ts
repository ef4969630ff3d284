import { takeOutside, type Outside } from '../src/runtime/outside.ts';
import type { Host } from './host.ts';
import { ProcessStream } from './process-stream.ts';
import { workingFolder } from './working-folder.ts';
import { readStandardInput } from './read-input.ts';

/** The host of a real run. */
export interface ProcessHost extends Host {
  readonly outside: Outside | null;
  readonly stdout: ProcessStream;
  readonly stderr: ProcessStream;
}

/** This process as the host of the command line. */
export function processHost(): ProcessHost {
  const folder = workingFolder();
  const outside = takeOutside(process.env);
  return {
    isOwnProcess: true,
    outside,
    argv: process.argv.slice(2),
    environment: definedVariables(process.env),
    workingDir: folder ?? '/',
    hasWorkingDir: folder !== null,
    platform: process.platform,
    architecture: process.arch,
    nodeVersion: process.versions.node,
    stdout: new ProcessStream(() => process.stdout),
    stderr: new ProcessStream(() => process.stderr),
    readStandardInput,
  };
}

/** Node's type allows for undefined values, which a real environment never has. */
function definedVariables(environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const defined: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) if (value !== undefined) defined[name] = value;
  return defined;
}
