/* Steps that may fail though they wait for nothing: a value that they need may be none, or not of the kind that they need. */
import { type Expression, type JsonTemplate, Template } from '../base/template.ts';
import type { Plan, TaskSource } from './plan.ts';
import { roundsOf } from './rounds-of.ts';
import type { Step } from './step.ts';
import { walkSteps } from './walk-steps.ts';
import { endsWithStream } from './ways-out.ts';

/** What is known in front of a step. */
interface Known {
  /** Variables that have a value, and handles of submits, whichever way the steps have come there. */
  readonly variables: ReadonlySet<string>;
  /** Items of each queue that are at least in hand. */
  readonly inHand: ReadonlyMap<string, number>;
}

const nothingInHand: ReadonlyMap<string, number> = new Map();

/** Those of all steps of a plan, nested ones included. */
export function unsureSteps(plan: Plan): ReadonlySet<Step> {
  const found = new Set<Step>();
  const submittedTo = new Set(plan.actors.flatMap(({ action, name }) => (action === 'submit' ? [name] : [])));
  const noNumbers = maybeNoNumbers(plan);
  for (const work of [...plan.instances, ...plan.pools]) {
    if (work.body.type !== 'steps') continue;
    const tasks = 'tasks' in work && !submittedTo.has(work.name) ? work.tasks : null;
    new UnsureSteps(found, tasks, noNumbers).follow(work.body.steps, { variables: new Set(), inHand: nothingInHand });
  }
  return found;
}

/** Values that may be something else when somebody adds to them. */
function maybeNoNumbers({ instances, pools, primitives }: Plan): ReadonlySet<string> {
  const found = new Set(primitives.flatMap((one) => (one.kind === 'value' && typeof one.initial !== 'number' ? [one.name] : [])));
  for (const { body } of [...instances, ...pools]) {
    if (body.type !== 'steps') continue;
    for (const step of walkSteps(body.steps)) if (step.verb === 'store' && typeof step.item !== 'number') found.add(step.value);
  }
  return found;
}

class UnsureSteps {
  readonly #found: Set<Step>;
  readonly #tasks: TaskSource | null;
  readonly #noNumbers: ReadonlySet<string>;

  /**
   * @param found takes what is found
   * @param tasks of a pool that nobody else gives tasks to
   */
  constructor(found: Set<Step>, tasks: TaskSource | null, noNumbers: ReadonlySet<string>) {
    this.#found = found;
    this.#tasks = tasks;
    this.#noNumbers = noNumbers;
  }

  /** Goes through a list, and says what is known behind it. */
  follow(steps: readonly Step[], before: Known): Known {
    let known = before;
    for (const step of steps) {
      if (this.#isUnsure(step, known)) this.#found.add(step);
      known = this.#behind(step, known);
    }
    return known;
  }

  #behind(step: Step, before: Known): Known {
    const inside = this.#inside(step, before);
    if (step.onTimeout.type === 'steps') this.follow(step.onTimeout.steps, { ...before, inHand: nothingInHand });
    // One that fails itself sets it to null, and of one around others that is not so.
    const named = nameBehind(step);
    if (step.allowFailure) return { variables: named === null || isAround(step) || step.verb === 'submit' ? before.variables : new Set([...before.variables, named]), inHand: nothingInHand };
    const isWhole = step.timeoutMs === null || step.onTimeout.type === 'fail';
    const { variables, inHand } = isWhole ? inside : { ...before, inHand: step.verb === 'with' ? nothingInHand : before.inHand };
    // Of a step whose time is over it is null.
    return { variables: named === null ? variables : new Set([...variables, named]), inHand: handsBehind(step, isWhole, inHand) };
  }

  /** What is known behind the steps inside it. */
  #inside(step: Step, before: Known): Known {
    switch (step.verb) {
      case 'with':
        return this.follow(step.steps, before);
      case 'each':
      case 'repeat': {
        const variables = step.as === null ? before.variables : new Set([...before.variables, step.as]);
        const inHand = step.verb === 'each' ? new Map([[step.source.name, 1]]) : nothingInHand;
        const behind = this.follow(step.steps, { variables, inHand });
        const isGoneThrough = step.verb === 'repeat' && roundsOf(step.rounds) > 0 && !endsWithStream(step.steps);
        return { variables: isGoneThrough ? behind.variables : before.variables, inHand: nothingInHand };
      }
      default:
        return before;
    }
  }

  #isUnsure(step: Step, { variables, inHand }: Known): boolean {
    if (step.verb === 'result') return !variables.has(handleName(step.handle));
    if (step.verb === 'task_done') return (inHand.get(step.queue) ?? 0) === 0;
    if (step.verb === 'add' && (typeof step.by !== 'number' || this.#noNumbers.has(step.value))) return true;
    if ((step.verb === 'put' || step.verb === 'submit') && step.itemList !== undefined) return true;
    return valuesOf(step).some((value) => expressionsIn(value).some((expression) => this.#maybeUnset(expression, variables)));
  }

  #maybeUnset({ path: [root, name = '', ...keys], fallback }: Expression, variables: ReadonlySet<string>): boolean {
    if (fallback !== undefined) return false;
    switch (root) {
      case 'vars':
        return keys.length > 0 || !variables.has(name);
      case 'item':
        return name !== '' && (keys.length > 0 || !haveAll(this.#tasks, name));
      case 'env':
        // Only of a lock that is held there is one.
        return name.startsWith('MPCTL_TOKEN_');
      default:
        return false;
    }
  }
}

/** A handle is no variable of that name. */
function handleName(handle: string): string {
  return `submit ${handle}`;
}

/** What has a value behind a step; null where it is nothing. */
function nameBehind({ verb, as }: Step): string | null {
  return as !== null && verb === 'submit' ? handleName(as) : as;
}

function isAround({ verb }: Step): boolean {
  return verb === 'with' || verb === 'each' || verb === 'repeat';
}

/** How many are in hand behind a step that has been done. */
function handsBehind(step: Step, isWhole: boolean, inHand: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  if (step.verb !== 'task_done' && (step.verb !== 'get' || !isWhole)) return inHand;
  const count = inHand.get(step.queue) ?? 0;
  return new Map([...inHand, [step.queue, Math.max(0, step.verb === 'get' ? count + 1 : count - 1)]]);
}

/** What a step needs the values of, as far as its failure is not one of a command. */
function valuesOf(step: Step): readonly JsonTemplate[] {
  switch (step.verb) {
    case 'print':
      return [step.text];
    case 'put':
    case 'submit':
      return step.items;
    case 'send':
    case 'store':
      return [step.item];
    default:
      return [];
  }
}

function expressionsIn(value: JsonTemplate): readonly Expression[] {
  if (value instanceof Template) return value.parts.filter((part) => typeof part !== 'string');
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(expressionsIn);
}

/** Whether the item of every task has such a key. */
function haveAll(tasks: TaskSource | null, key: string): boolean {
  if (tasks?.type !== 'items' && tasks?.type !== 'matrix') return false;
  return tasks.items.every((item: JsonTemplate) => item !== null && typeof item === 'object' && !(item instanceof Template) && Object.hasOwn(item, key));
}
