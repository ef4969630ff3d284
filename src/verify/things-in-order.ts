import type { ActorGraph } from './find-locations.ts';
import type { Model, Script, Statement } from './model.ts';

/**
 * Locks and semaphores of which it matters who has come before whom: those that are fair, and those that are asked for together with
 * one of these, and so on. At all others who waits may as well have come later.
 */
export function thingsInOrder({ actors, resources }: Model): ReadonlySet<string> {
  const fair = resources.flatMap((resource) => (resource.kind === 'permits' && resource.fair ? [resource.name] : []));
  if (fair.length === 0) return new Set();
  const groups = joined(demandsOf(actors.map(({ script }) => script)));
  const numbers = new Set(fair.map((name) => groups.get(name)));
  return new Set([...fair, ...[...groups].flatMap(([name, group]) => (numbers.has(group) ? [name] : []))]);
}

/** Of all that somebody stands in a line for, the number of its line: one for all that are asked for together. */
export function linesOfGraphs(graphs: readonly ActorGraph[]): ReadonlyMap<string, number> {
  return joined(graphs.flatMap(({ locations }) => locations.flatMap(({ choices }) => choices.flatMap(({ act }) => (act.do === 'served' ? [act.demands.map(({ name }) => name)] : [])))));
}

/** Numbers groups of names, so that those that are in one list are in one group. */
function joined(lists: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  const groups = new Map<string, Set<string>>();
  for (const list of lists) {
    const group = new Set(list);
    for (const name of list) for (const other of groups.get(name) ?? []) group.add(other);
    for (const name of group) groups.set(name, group);
  }
  const numbers = new Map([...new Set(groups.values())].map((group, number) => [group, number]));
  return new Map([...groups].map(([name, group]) => [name, numbers.get(group) ?? 0]));
}

/** The names of each demand in some scripts. */
function demandsOf(scripts: readonly Script[]): readonly (readonly string[])[] {
  const demands = new Map<string, readonly string[]>();
  const seen = new Set<Script>();
  const look = (script: Script): void => {
    if (seen.has(script)) return;
    seen.add(script);
    for (const statement of script) lookAt(statement);
  };
  const lookAt = (statement: Statement): void => {
    switch (statement.type) {
      case 'choose':
        for (const { operation, next } of statement.ways) {
          if (operation.do === 'acquire') {
            const names = operation.demands.map(({ name }) => name);
            demands.set(names.join(' '), names);
          }
          look(next);
        }
        break;
      case 'attempt':
        look(statement.body);
        look(statement.onFailure);
        break;
      case 'loop':
      case 'repeat':
      case 'hold':
      case 'keep':
        look(statement.body);
        break;
      case 'leave':
        look(statement.next ?? []);
        break;
      case 'fail':
      case 'finish':
      case 'end':
        break;
    }
  };
  for (const script of scripts) look(script);
  return [...demands.values()];
}
