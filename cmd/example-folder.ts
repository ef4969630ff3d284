import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A call of mpctl in the folder of an example. */
export interface ExampleCall {
  readonly argv: readonly string[];
  /** Files to write first, besides those of the folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** Symbolic links to make first: the name and what it points to. */
  readonly links?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Absolute path of the file that standard output goes to, such as `/dev/full`. */
  readonly stdout?: string;
  /** The operating system that mpctl is to believe it runs on. */
  readonly platform?: NodeJS.Platform;
  /** A broken assumption that mpctl is to meet while it reads standard input. */
  readonly bug?: string;
}

/** The wrong and the right example of a code, as `examples/diagnostics/CODE/` holds them. */
export interface ExampleFolder {
  /** Absolute. */
  readonly folder: string;
  readonly wrong: ExampleCall;
  /** null where nothing of the user's is wrong. */
  readonly right: ExampleCall | null;
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
  const calls = JSON.parse(read('case.json') ?? '{}') as Partial<Record<'wrong' | 'right', ExampleCall | null>>;
  return {
    folder,
    wrong: calls.wrong ?? { argv: ['check', wrongSpec] },
    right: calls.right === undefined ? { argv: ['check', rightSpec] } : calls.right,
    output: read('expected.txt') ?? '',
  };
}

/** A call as text for people: the specs that it names, then the command line unless it only checks one. */
export function describeCall(folder: string, call: ExampleCall): string {
  const specs = call.argv.filter((argument) => argument.endsWith('.yaml') && existsSync(path.join(folder, argument)));
  const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8').trimEnd();
  const [onlySpec] = specs;
  if (onlySpec !== undefined && call.argv.length === 2 && call.argv[0] === 'check') return read(onlySpec);
  const files = [...specs.map((name) => [name, read(name)] as const), ...Object.entries(call.files ?? {})];
  const command = ['$ mpctl', ...call.argv, ...(call.stdout === undefined ? [] : ['>', call.stdout])].join(' ');
  return [...files.map(([name, text]) => `# ${name}\n${text.trimEnd()}`.trimEnd()), command].join('\n\n');
}
