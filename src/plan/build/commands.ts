import type { CommandSpec } from '../../spec/schema/command.ts';
import type { CommandPlan } from '../command.ts';
import type { FillPlace } from './fill-place.ts';
import { fillText } from './fill-value.ts';

/**
 * A command with its `args`: a list with them appended, or a script that gets them as `$1`, `$2` ….
 * `at` is the place of the command itself, `argsAt` that of the arguments.
 */
export function buildCommand(
  at: FillPlace,
  command: CommandSpec,
  args: readonly string[] = [],
  argsAt: FillPlace = at,
): CommandPlan {
  const filledArgs = args.map((arg, index) => fillText(argsAt.below(index), arg));
  if (typeof command === 'string') {
    const { shell } = at.context.loaded.spec;
    return { type: 'shell', shell, script: command, args: filledArgs, place: at.place };
  }
  const argv = command.map((word, index) => fillText(at.below(index), word));
  if (argv[0] === '') {
    at.context.report('MP103', { place: at.below(0).place, part: 'value' }, 'the first item of a command is its program, and it is empty', {
      hint: 'write the name or the path of a program there',
    });
  }
  return {
    type: 'argv',
    argv: [...argv, ...filledArgs],
    place: at.place,
    args: { place: argsAt.place, first: argv.length },
  };
}
