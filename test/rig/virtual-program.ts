/*
 * The programs of the virtual world are written where a shell's script would stand, in a language of
 * their own: instructions with `;` between them, and `|` between the attempts that behave differently.
 *
 *   sleep MS        forever             exit CODE          die SIGNAL         print TEXT
 *   ignore SIGNAL   trap SIGNAL MS CODE leave MS           cling MS           read MS
 *   fail CODE       end INSTANCE CODE   up MS              down MS
 *   serve COUNT     hoard COUNT         any
 *
 * `leave` and `cling` leave a member of the group alive so long after the leader; the one that clings
 * ends by SIGKILL only. `read` takes so long for each line of standard input until its end. `fail` is
 * an attempt that cannot be spawned. `up` and `down` are what a probe says: yes once its process has
 * run for so long, no from then on. `serve` is the worker of a pool, until its input ends or it has answered
 * so many tasks: the items say what it does (see `virtual-worker.ts`). One that hoards gives no task back. `any` does by
 * chance what is declared of it and ends by chance, and as a probe says by chance whether it is so (see `chance-program.ts`); without a seed it
 * succeeds at once. `$NAME` is a variable of the environment.
 */

/** One instruction of a program. */
export type Instruction =
  | { readonly verb: 'sleep' | 'read' | 'leave' | 'cling' | 'up' | 'down'; readonly ms: number }
  | { readonly verb: 'exit' | 'fail'; readonly code: number }
  | { readonly verb: 'die' | 'ignore'; readonly signal: string }
  | { readonly verb: 'trap'; readonly signal: string; readonly ms: number; readonly code: number }
  | { readonly verb: 'print'; readonly text: string }
  | { readonly verb: 'end'; readonly instance: string; readonly code: number }
  | { readonly verb: 'serve' | 'hoard'; readonly count: number }
  | { readonly verb: 'forever' | 'any' };

function instruction(text: string): Instruction {
  const [verb = '', ...words] = text.split(/\s+/);
  const [first = '', second = '', third = ''] = words;
  switch (verb) {
    case 'sleep':
    case 'read':
    case 'leave':
    case 'cling':
    case 'up':
    case 'down':
      return { verb, ms: number(first, text) };
    case 'exit':
    case 'fail':
      return { verb, code: number(first, text) };
    case 'die':
    case 'ignore':
      return { verb, signal: first };
    case 'trap':
      return { verb, signal: first, ms: number(second, text), code: number(third, text) };
    case 'print':
      return { verb, text: text.slice(verb.length + 1) };
    case 'end':
      return { verb, instance: first, code: number(second, text) };
    case 'serve':
    case 'hoard':
      return { verb, count: first === '' ? Number.POSITIVE_INFINITY : number(first, text) };
    case 'forever':
    case 'any':
      return { verb };
    default:
      throw new Error(`the virtual world has no program \`${text}\``);
  }
}

function number(word: string, text: string): number {
  const value = Number(word === '' ? '0' : word);
  if (!Number.isFinite(value)) throw new Error(`\`${text}\` wants a number`);
  return value;
}

/** The instructions of one attempt, counted from 1. */
export function programOf(
  argv: readonly string[],
  environment: ReadonlyMap<string, string>,
): readonly Instruction[] {
  const script = argv[0] === '/bin/sh' ? (argv[3] ?? '') : argv.join(' ');
  const attempts = script.split('|');
  const attempt = Number(environment.get('MPCTL_ATTEMPT') ?? '1');
  const own = attempts[Math.min(attempt, attempts.length) - 1] ?? '';
  return own
    .split(';')
    .map((part) => part.trim().replaceAll(/\$(\w+)/g, (_, name: string) => environment.get(name) ?? ''))
    .filter((part) => part !== '' && part !== 'true')
    .map(instruction);
}
