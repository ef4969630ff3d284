import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ExampleCall } from '../../cmd/example-folder.ts';
import { InvariantError } from '../../src/base/invariant.ts';
import { callMain } from './call-main.ts';
import { maskOutput } from './mask-output.ts';
import { runCli } from './run-cli.ts';
import { tempFolder } from './temp-folder.ts';

/** What a call of an example printed, standard output first, and how it ended. */
export interface ExampleOutcome {
  readonly output: string;
  /** null when a signal ended it. */
  readonly exitCode: number | null;
}

/**
 * Makes the call of an example in a copy of its folder. `run`, and what writes to a file, is a process of
 * its own, and its times and ids are masked; everything else is called within the test process.
 */
export async function callExample(folder: string, call: ExampleCall): Promise<ExampleOutcome> {
  const cwd = tempFolder();
  cpSync(folder, cwd, { recursive: true });
  for (const [name, text] of Object.entries(call.files ?? {})) {
    mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
    writeFileSync(path.join(cwd, name), text);
  }
  for (const [name, target] of Object.entries(call.links ?? {})) symlinkSync(target, path.join(cwd, name));

  const environment = call.environment ?? {};
  const runs = call.argv[0] === 'run' && call.platform === undefined && call.removedFolder === undefined;
  if (runs || call.stdout !== undefined) {
    const { stdout, stderr, exitCode } = await runCli(call.argv, { cwd, environment, stdoutFile: call.stdout ?? null });
    return { output: maskOutput(maskFolder(`${stdout}${stderr}`, cwd)), exitCode };
  }
  const { stdout, stderr, exit } = await callMain(call.argv, {
    cwd,
    environment,
    ...(call.platform === undefined ? {} : { platform: call.platform }),
    host: {
      ...(call.bug === undefined ? {} : { readStandardInput: () => failWith(call.bug ?? '') }),
      ...(call.removedFolder === undefined ? {} : { hasWorkingDir: false }),
    },
  });
  return { output: maskStack(`${stdout}${stderr}`), exitCode: exit.type === 'code' ? exit.code : null };
}

/** A cell of a table ends where it is full, which may be within the name of the folder or soon after it. */
function maskFolder(text: string, folder: string): string {
  const masked = text.replaceAll(folder, '<id>').replaceAll(/<id>[^\n]*…/gu, '<id>…');
  let cut = masked;
  for (let length = folder.length - 1; length > 0; length -= 1) {
    cut = cut.replaceAll(` \`${folder.slice(0, length)}…`, ' `<id>…');
  }
  return cut;
}

function failWith(message: string): never {
  throw new InvariantError(message);
}

/** What was running where, and the stack trace, which changes with every edit of the sources. */
function maskStack(text: string): string {
  return text.replace(/\n\nmpctl [^\n]*, Node [\s\S]*$/u, '\n\nmpctl <id>, Node <id>, <id>\n<id>\n');
}
