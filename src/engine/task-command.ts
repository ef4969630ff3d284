import type { CommandPlan } from '../plan/command.ts';
import type { Overlay } from './spawn-order.ts';

/** The variables that differ from task to task: a job log would else say the same of each. */
const ownVariable = /^(?:MPCTL_(?:ITEM|TASK|WORKER|ATTEMPT)|MATRIX_\w+)$/u;

/**
 * The command of a task as it was written, for its job log: a script with the variables of the task
 * filled in, or the words of a list, with quotes where a shell would need them.
 */
export function taskCommand(command: CommandPlan, argv: readonly string[], environment: Overlay): string {
  if (command.type === 'argv') return argv.map(quoted).join(' ');
  const values = new Map(environment.filter(([name]) => ownVariable.test(name)));
  const script = command.script.replaceAll(
    /"\$(?:\{(?<braced>\w+)\}|(?<plain>\w+))"|\$(?:\{(?<bracedBare>\w+)\}|(?<bare>\w+))/gu,
    (written, braced?: string, plain?: string, bracedBare?: string, bare?: string) => {
      const whole = values.get(braced ?? plain ?? '');
      if (whole !== undefined && whole !== null) return quoted(whole);
      return values.get(bracedBare ?? bare ?? '') ?? written;
    },
  );
  // What follows the script is the name of the shell, then the arguments.
  const words = argv.slice(command.shell.length + 2);
  return [script.trim(), ...words.map(quoted)].join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
