import type { Place } from '../base/place.ts';
import type { Model, Script, Statement, Way } from './model.ts';

/** What is left as it is. */
interface LeftAlone {
  readonly actors: ReadonlySet<string>;
  readonly isLeft: (statement: Statement) => boolean;
}

const nothingLeft: LeftAlone = { actors: new Set(), isLeft: () => false };

/** The same model with fewer ways to go on: `keep` says of those of each choice, which stands at a place, which are left. */
export function editWays({ actors, resources }: Model, keep: (way: Way, place: Place) => boolean, alone = nothingLeft): Model {
  const known = new Map<Script, Script>();
  // What is one script in several places stays one, so that the model has no more locations than before.
  const ofScript = (script: Script): Script => {
    const before = known.get(script);
    if (before !== undefined) return before;
    const made = script.map(ofStatement);
    known.set(script, made);
    return made;
  };
  const ofStatement = (statement: Statement): Statement => {
    if (alone.isLeft(statement)) return statement;
    switch (statement.type) {
      case 'choose': {
        const ways = statement.ways.filter((way) => keep(way, statement.place));
        return { ...statement, ways: ways.map(({ operation, next, unless }) => ({ operation, next: ofScript(next), ...(unless === undefined ? {} : { unless }) })) };
      }
      case 'attempt':
        return { ...statement, body: ofScript(statement.body), onFailure: ofScript(statement.onFailure) };
      case 'loop':
      case 'repeat':
      case 'hold':
      case 'keep':
        return { ...statement, body: ofScript(statement.body) };
      case 'leave':
        return statement.next === undefined ? statement : { ...statement, next: ofScript(statement.next) };
      case 'fail':
      case 'finish':
      case 'end':
        return statement;
    }
  };
  return { resources, actors: actors.map((actor) => (alone.actors.has(actor.name) ? actor : { ...actor, script: ofScript(actor.script) })) };
}
