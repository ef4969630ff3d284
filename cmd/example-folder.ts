import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

/** A call that was made in the folder before. */
const callBefore = z.strictObject({
  argv: z.array(z.string()).readonly(),
  /** Files as they were then. */
  files: z.record(z.string(), z.string()).readonly().optional(),
  /** It goes on, and has written this. */
  until: z.string().optional(),
});

const call = z.strictObject({
  before: z.array(callBefore).readonly().optional(),
  argv: z.array(z.string()).readonly(),
  /** The command that becomes mpctl, or starts it. */
  prefix: z.array(z.string()).readonly().optional(),
  /** Files to write first, besides those of the folder. */
  files: z.record(z.string(), z.string()).readonly().optional(),
  /** Symbolic links to make first: the name and what it points to. */
  links: z.record(z.string(), z.string()).readonly().optional(),
  environment: z.record(z.string(), z.string()).readonly().optional(),
  /** Absolute path of the file that standard output goes to, such as `/dev/full`. */
  stdout: z.string().optional(),
  /** Nobody reads standard output until standard error has these words; what was in it is no part of the output. */
  unreadUntil: z.string().optional(),
  /** mpctl is to believe that it runs on another operating system. */
  platform: z.literal('win32').optional(),
  /** mpctl is called in a folder that has been removed. */
  removedFolder: z.literal(true).optional(),
  /** A broken assumption that mpctl is to meet while it reads standard input. */
  bug: z.string().optional(),
});

/** `case.json`: what is called where that is not `mpctl check` of a spec. */
const exampleCase = z.strictObject({ wrong: call.optional(), right: call.optional() });

/** A call of mpctl in the folder of an example. */
export type ExampleCall = z.infer<typeof call>;

/** The wrong and the right example of a code, as `examples/diagnostics/CODE/` holds them. */
export interface ExampleFolder {
  /** Absolute. */
  readonly folder: string;
  readonly wrong: ExampleCall;
  /** The same, put right; where nothing of the user's is wrong, what it looks like without that. */
  readonly right: ExampleCall;
  /** Exactly what the wrong call prints. */
  readonly output: string;
}

const wrongSpec = 'wrong.yaml';
const rightSpec = 'right.yaml';

/**
 * Reads the example of a code; null where there is no folder for it. Without a `case.json` the calls are
 * `mpctl check` of `wrong.yaml` and of `right.yaml`.
 */
export function readExampleFolder(examplesDir: string, code: string): ExampleFolder | null {
  const folder = path.join(examplesDir, code);
  if (!existsSync(folder)) return null;
  const read = (name: string): string | null => {
    const file = path.join(folder, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : null;
  };
  const calls = exampleCase.parse(JSON.parse(read('case.json') ?? '{}'));
  return {
    folder,
    wrong: calls.wrong ?? { argv: ['check', wrongSpec] },
    right: calls.right ?? { argv: ['check', rightSpec] },
    output: read('expected.txt') ?? '',
  };
}

/** A call as text for people: the specs that it names, then the command line unless it only checks one. */
export function describeCall(folder: string, example: ExampleCall): string {
  const specs = example.argv.filter((argument) => argument.endsWith('.yaml') && existsSync(path.join(folder, argument)));
  const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8').trimEnd();
  const [onlySpec] = specs;
  if (onlySpec !== undefined && example.argv.length === 2 && example.argv[0] === 'check') return read(onlySpec);
  const files = [...specs.map((name) => [name, read(name)] as const), ...Object.entries(example.files ?? {})];
  const command = ['$', ...(example.prefix ?? []), 'mpctl', ...example.argv, ...(example.stdout === undefined ? [] : ['>', example.stdout])].join(' ');
  const before = (example.before ?? []).map(({ argv, until }) => `$ mpctl ${argv.join(' ')}${until === undefined ? '' : ' &'}`);
  return [...files.map(([name, text]) => `# ${name}\n${text.trimEnd()}`.trimEnd()), ...before, command].join('\n\n');
}
