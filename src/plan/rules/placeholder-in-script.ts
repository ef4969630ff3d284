import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { CommandPlan } from '../command.ts';
import type { PoolPlan } from '../plan.ts';
import { walkSteps } from '../walk-steps.ts';
import type { RuleInput } from './rule.ts';

type ScriptCommand = Extract<CommandPlan, { type: 'shell' }>;

/** Programs that give `{}` a meaning of their own, or are given text in which it means something. */
const takesBraces = /(?:^|[^\w.-])(?:find|fd|fdfind|xargs|parallel|mpctl|jq|yq|[gmn]?awk|perl|ruby|python[\d.]*|node|bun|deno|php|sed|git|eval|sh|bash|zsh)(?![\w-])|<</u;

/** What a script can know its task by. */
const knowsTask = /\bMPCTL_(?:ITEM|TASK|WORKER)|\bMATRIX_/u;

/** What is no shell syntax of its own: `\` with what it escapes, quoted text, `${…}`, a comment. */
const notPlain = /\\.|'[^']*'|"(?:\\.|[^"\\])*"|\$\{[^}]*\}|(?<!\S)#.*/gsu;

/** Behind an option `'{}'` may well be an empty object, as in `--json '{}'`. */
const valueOfOption = /(?:^|\s)-[\w-]*[\s=]?$/u;

/** A replacement string of GNU parallel within the words of a command. */
const placeholder = /\{(?:|[.#%]|\/[/.]?)\}/u;

/** What mpctl has for each; of `{%}` and `{#}` other numbers, since a task is counted from 0. */
const others: Readonly<Record<string, string>> = {
  '{.}': 'the item without its extension is `"${MPCTL_ITEM%.*}"`',
  '{/}': 'the name of the item without its folder is `"${MPCTL_ITEM##*/}"`',
  '{//}': 'the folder of the item is `"$(dirname "$MPCTL_ITEM")"`',
  '{/.}': 'the name of the item without its folder and extension is `"$(basename "${MPCTL_ITEM%.*}")"`',
  '{#}': 'the number of the task is `"$MPCTL_TASK"`, from 0',
  '{%}': 'the number of the worker is `"$MPCTL_WORKER"`, from 1',
};

/**
 * MP143: a script of a pool has a `{}` as xargs and GNU parallel replace it, and nothing fills it in here. Only where the script
 * does not look at its task in any other way, stands without quotes or is all that is quoted, and nothing in the script knows braces itself.
 */
export function placeholderInScript(input: RuleInput): readonly Diagnostic[] {
  return input.plan.pools.flatMap((pool) => scriptsOf(pool).flatMap((command) => checkScript(input, command)));
}

function scriptsOf({ body, stdin }: PoolPlan): readonly ScriptCommand[] {
  if (body.type === 'command') return body.command.type === 'shell' && stdin.type === 'null' ? [body.command] : [];
  if (body.type === 'worker') return [];
  return [...walkSteps(body.steps)].flatMap((step) => (step.verb === 'run' && step.command.type === 'shell' ? [step.command] : []));
}

function checkScript(input: RuleInput, { script, args, place }: ScriptCommand): readonly Diagnostic[] {
  if (args.length > 0 || input.gaps.isIn(place) || knowsTask.test(script) || takesBraces.test(script)) return [];
  const plain = script.replaceAll(notPlain, (text: string, at: number) => {
    const quoted = /^["']/u.test(text) ? text.slice(1, -1) : '';
    return placeholder.exec(quoted)?.[0] === quoted && !valueOfOption.test(script.slice(0, at)) ? quoted : ' ';
  });
  const [found] = placeholder.exec(plain) ?? [];
  if (found === undefined) return [];
  return [
    makeDiagnostic('MP143', `\`${found}\` is passed as it is: a script gets the item of its task as \`$MPCTL_ITEM\``, {
      range: input.locate(place, 'value'),
      hint: others[found] ?? 'write `"$MPCTL_ITEM"`, or the command as a list, with `"${{ item }}"`',
    }),
  ];
}
