import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { CommandPlan } from '../command.ts';
import type { InstancePlan, PoolPlan } from '../plan.ts';
import { walkSteps } from '../walk-steps.ts';
import type { RuleInput } from './rule.ts';

type ListCommand = Extract<CommandPlan, { type: 'argv' }>;

/** Programs that give these words a meaning of their own. */
const interpreters = new Set([
  ...['sh', 'bash', 'dash', 'zsh', 'ksh', 'fish', 'busybox', 'eval', 'ssh', 'docker', 'podman', 'kubectl'],
  ...['env', 'envsubst', 'expr', 'find', 'xargs', 'parallel', 'awk', 'gawk', 'mawk', 'perl', 'nix-shell'],
]);

/** What joins commands, or says where their output goes, and hardly anything else. */
const operator = /^(?:\|\||&&|>>|[0-2&]>>?|\d?>&\d|[12&]?>>?\/dev\/null|<\/dev\/null)$/u;

/** What is an operator of a shell, and a separator or a comparison to many a program. */
const sign = /^[|<>&;]$/u;

/** Programs that compare with a sign, or look for one. */
const takesSigns = new Set(['[', 'test', 'tr', 'grep', 'egrep', 'fgrep', 'rg', 'sed', 'dpkg']);

/** Options whose value is a separator or a pattern, as those of `cut`, `sort`, `paste` and `column`. */
const takesSeparator = /^(?:-[A-Za-z]*[dstF]|--[\w-]*(?:delimiters?|separator))$/u;

/**
 * MP139: a command that is a list has words that only a shell would understand. Only words that have no
 * other use are reported, and none of a command that hands them to a shell itself.
 */
export function listWithoutShell(input: RuleInput): readonly Diagnostic[] {
  return input.works.flatMap((work) =>
    commandsOf(work).flatMap((command) => checkCommand(input, command, 'workers' in work)),
  );
}

function commandsOf({ body }: InstancePlan | PoolPlan): readonly ListCommand[] {
  if (body.type !== 'steps') {
    const commands = body.type === 'worker' && body.initializer !== null ? [body.command, body.initializer] : [body.command];
    return commands.filter((command) => command.type === 'argv');
  }
  return [...walkSteps(body.steps)].flatMap((step) =>
    step.verb === 'run' && step.command.type === 'argv' ? [step.command] : [],
  );
}

function checkCommand(input: RuleInput, { argv, place, args }: ListCommand, isOfPool: boolean): readonly Diagnostic[] {
  const [program] = argv;
  if (input.gaps.isIn(place)) return [];
  if (typeof program !== 'string' || interpreters.has(nameOf(program))) return [];
  const report = (index: number, message: string, hint: string): Diagnostic =>
    makeDiagnostic('MP139', message, { range: input.locate(index < args.first ? [...place, index] : [...args.place, index - args.first], 'value'), hint });
  if (argv.length === 1 && /^[\w.-]+\s+\S/.test(program)) {
    const message = `\`${program}\` would be the name of a program, since a command that is a list has no shell`;
    return [report(0, message, 'write it as one string, without `[ ]`, or each word as an item of its own')];
  }
  return argv.flatMap((word, index) => {
    if (typeof word !== 'string' || index === 0) return [];
    const hint = isOperator(argv, word, index) ? 'write the whole command as one string' : wayOut(word, isOfPool, place[2] === 'steps');
    return hint === null ? [] : [report(index, `\`${word}\` is passed as it is, since a command that is a list has no shell`, hint)];
  });
}

function wayOut(word: string, isOfPool: boolean, isInSteps: boolean): string | null {
  const variable = /^\$(?:\{(?<braced>[A-Za-z_]\w*)\}|(?<bare>[A-Za-z_]\w*))$/.exec(word)?.groups;
  const name = variable?.['braced'] ?? variable?.['bare'];
  if (isOfPool && (word === '{}' || name === 'item' || name === 'MPCTL_ITEM')) return 'write `"${{ item }}"`';
  if (name !== undefined && isInSteps) return `write \`"\${{ vars.${name} }}"\` for a variable of the steps, \`"\${{ env.${name} }}"\` for one of the environment`;
  if (name !== undefined) return `write \`"\${{ env.${name} }}"\`, or the whole command as one string`;
  return null;
}

function isOperator(argv: ListCommand['argv'], word: string, index: number): boolean {
  if (operator.test(word)) return true;
  const [program, before] = [argv[0], argv[index - 1]];
  if (!sign.test(word) || (typeof program === 'string' && takesSigns.has(nameOf(program)))) return false;
  return typeof before !== 'string' || !takesSeparator.test(before);
}

function nameOf(program: string): string {
  return program.split('/').at(-1) ?? '';
}
