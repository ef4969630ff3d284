import type { Model, Script, Statement } from './model.ts';

/** How many statements the actors of a model have where each counts once for every round of the loops around it that are counted. */
export function unrolledSize({ actors }: Model): number {
  const known = new Map<Script, number>();
  const ofScript = (script: Script): number => {
    const before = known.get(script);
    if (before !== undefined) return before;
    const size = script.reduce((sum, statement) => sum + ofStatement(statement), 0);
    known.set(script, size);
    return size;
  };
  const ofStatement = (statement: Statement): number => {
    switch (statement.type) {
      case 'choose':
        return statement.ways.reduce((sum, { next }) => sum + ofScript(next), 1);
      case 'attempt':
        return 1 + ofScript(statement.body) + ofScript(statement.onFailure);
      case 'repeat':
        return 1 + statement.rounds * ofScript(statement.body);
      case 'loop':
      case 'hold':
      case 'keep':
        return 1 + ofScript(statement.body);
      case 'leave':
        return 1 + ofScript(statement.next ?? []);
      case 'fail':
      case 'finish':
      case 'end':
        return 1;
    }
  };
  return actors.reduce((sum, { script }) => sum + ofScript(script), 0);
}
