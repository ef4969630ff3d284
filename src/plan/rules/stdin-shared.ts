import type { Place } from '../../base/place.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Plan } from '../plan.ts';
import type { RuleInput } from './rule.ts';

/** Somebody who reads mpctl's own standard input. */
interface Reader {
  readonly name: string;
  readonly place: Place;
}

/** MP613: a pool takes its tasks from mpctl's standard input, and somebody else reads there too. */
export function stdinShared({ plan, locate }: RuleInput): readonly Diagnostic[] {
  const readers = readersOf(plan);
  return plan.pools.flatMap(({ name, tasks, place }) => {
    const other = readers.find((reader) => reader.name !== name || reader.place.at(-2) !== 'tasks');
    if (tasks.type !== 'stdin' || other === undefined) return [];
    const who = other.name === name ? 'a task of it' : `\`${other.name}\``;
    return [
      makeDiagnostic('MP613', `\`${name}\` takes its tasks from the standard input of mpctl, which ${who} reads too: nobody can say who gets which line`, {
        range: locate([...place, 'tasks', 'stdin'], 'key'),
        related: [{ message: `${who} reads it here`, range: locate(other.place, 'key') }],
        hint: 'let one of them read a file: `tasks: { lines: FILE }`, `stdin: { file: FILE }`',
      }),
    ];
  });
}

function readersOf({ pools, instances }: Plan): readonly Reader[] {
  const ofTasks = pools.filter(({ tasks }) => tasks.type === 'stdin').map(({ name, place }) => ({ name, place: [...place, 'tasks', 'stdin'] }));
  const inherited = [...instances, ...pools].filter(({ stdin }) => stdin.type === 'inherit').map(({ name, place }) => ({ name, place: [...place, 'stdin'] }));
  return [...ofTasks, ...inherited];
}
