import type { Model, Script, Statement } from '../model.ts';

/** The same model, in which it is known of whatever somebody may wait for in vain. */
export function markMissed({ resources, actors }: Model): Model {
  const missed = new Set<string>();
  const known = new Set<Script>();
  const look = (script: Script): void => {
    if (known.has(script)) return;
    known.add(script);
    for (const statement of script) {
      for (const inner of scriptsOf(statement)) look(inner);
      if (statement.type !== 'choose') continue;
      for (const { operation } of statement.ways) if (operation.do === 'time_out') for (const name of operation.misses ?? []) missed.add(name);
    }
  };
  for (const { script } of actors) look(script);
  if (missed.size === 0) return { resources, actors };
  return {
    resources: resources.map((resource) => (missed.has(resource.name) ? { ...resource, isMissed: true } : resource)),
    actors: actors.map((actor) => (missed.has(actor.name) ? { ...actor, isMissed: true } : actor)),
  };
}

function scriptsOf(statement: Statement): readonly Script[] {
  switch (statement.type) {
    case 'choose':
      return statement.ways.map(({ next }) => next);
    case 'attempt':
      return [statement.body, statement.onFailure];
    case 'loop':
    case 'repeat':
    case 'hold':
    case 'keep':
      return [statement.body];
    case 'leave':
      return statement.next === undefined ? [] : [statement.next];
    case 'fail':
    case 'finish':
    case 'end':
      return [];
  }
}
