import type { Json } from '../base/json.ts';
import { Template, type JsonTemplate } from '../base/template.ts';
import type { TaskSource } from '../plan/plan.ts';
import type { EarlierTasks } from './earlier-tasks.ts';
import { rangeLength } from './pool-tasks.ts';

/** A task by its number and the item that it has now. */
export interface ChangedTask {
  readonly number: number;
  readonly item: Json;
}

/** The tasks that were others in an earlier run, of those whose items are known before a run begins. */
export function changedTasks(source: TaskSource, earlier: EarlierTasks): readonly ChangedTask[] {
  const changed: ChangedTask[] = [];
  const count = Math.min(earlier.size, lengthOf(source));
  for (let number = 0; number < count; number += 1) {
    const item = knownItem(source, number);
    if (item !== undefined && earlier.verdict(number, item) === 'changed') changed.push({ number, item });
  }
  return changed;
}

function lengthOf(source: TaskSource): number {
  if (source.type === 'range') return rangeLength(source);
  return source.type === 'items' || source.type === 'matrix' ? source.items.length : 0;
}

function knownItem(source: TaskSource, number: number): Json | undefined {
  if (source.type === 'range') return source.first + number * source.step;
  if (source.type === 'matrix') return source.items[number];
  const item = source.type === 'items' ? source.items[number] : undefined;
  return item !== undefined && isKnown(item) ? item : undefined;
}

/** Whether nothing of it is completed only while the run goes on. */
function isKnown(item: JsonTemplate): item is Json {
  if (item instanceof Template) return false;
  if (typeof item !== 'object' || item === null) return true;
  return Object.values(item).every(isKnown);
}
