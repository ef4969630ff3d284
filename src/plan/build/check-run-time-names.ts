import { didYouMean } from '../../base/did-you-mean.ts';
import type { Expression, Template } from '../../base/template.ts';
import type { FillPlace } from './fill-place.ts';

/**
 * Reports every `vars.NAME` that no step before this place can have set, and every `item` where there is
 * no task. What has a value that stands in for it is left alone.
 */
export function checkRunTimeNames(at: FillPlace, template: Template): void {
  for (const part of template.parts) {
    if (typeof part === 'string' || part.fallback !== undefined) continue;
    const [root] = part.path;
    if (root === 'vars') checkVariable(at, part);
    else if (root === 'item' && !at.scope.runTime.hasItem) {
      report(at, `\`\${{ ${part.source} }}\` is the item of a task, and there is no task here`, itemHint(at));
    }
  }
}

function checkVariable(at: FillPlace, { source, path }: Expression): void {
  const [, name = '', ...keys] = path;
  const { variables, stored } = at.scope.runTime;
  if (variables.has(name) || mayBeStored(at)) return;
  const written = `\`\${{ ${source} }}\``;
  if (stored.handles.has(name)) {
    report(at, `${written} is no value: \`${name}\` is the handle of a \`submit\``, `take its value first: \`result: ${name}\` with \`as: NAME\``);
    return;
  }
  if (stored.variables.has(name)) {
    report(at, `${written} stands before the step that sets \`${name}\``, `move that step up, or write what stands in for it: \`\${{ ${source} || 'default' }}\``);
    return;
  }
  const meant = didYouMean(name, variables);
  const message =
    stored.variables.size === 0
      ? `${written} is a variable of steps, and no step sets one here`
      : `${written} is set by no step of ${ownerOf(at)}`;
  report(at, message, meant === null ? variableHint(at, name) : `did you mean \`\${{ ${['vars', meant, ...keys].join('.')} }}\`?`);
}

function variableHint(at: FillPlace, name: string): string {
  if (isInSteps(at)) return `give the step whose value it is \`as: ${name}\``;
  return `a variable of the environment is \`\${{ env.${name} }}\`; \`vars\` are what steps of the same process keep with \`as\``;
}

function itemHint(at: FillPlace): string {
  if (isInSteps(at)) return 'in `each` and `repeat` it has the name that `as` gives it: `${{ vars.NAME }}`';
  if (at.place[0] === 'pools') return 'it may stand in the `command`, the `steps`, the `args` and the `environment` of the pool';
  return 'only the tasks of a pool have an item';
}

/** The process or pool whose steps are meant. */
function ownerOf({ place: [section, name] }: FillPlace): string {
  return section === 'environment' ? 'the spec' : `\`${name ?? ''}\``;
}

function isInSteps({ place }: FillPlace): boolean {
  return place[2] === 'steps';
}

/** Whether a step that could not be read may set it. */
function mayBeStored({ context: { gaps }, place: [section = '', owner = ''] }: FillPlace): boolean {
  if (section !== 'environment') return gaps.hidesSteps([section, owner, 'steps']);
  return gaps.mayHide('set');
}

function report(at: FillPlace, message: string, hint: string): void {
  at.context.gaps.add(at.gap);
  at.context.report('MP136', { place: at.place, part: 'value' }, message, { hint });
}
