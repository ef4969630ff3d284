import type { Script, Statement } from '../model.ts';

/** How deep counted loops are nested in a script: the numbers of their rounds are multiplied. */
export function depthOf(script: Script): number {
  return script.reduce((most, statement) => {
    if (statement.type === 'leave') return Math.max(most, depthOf(statement.next ?? []));
    if (statement.type === 'choose') return Math.max(most, ...statement.ways.map(({ next }) => depthOf(next)));
    return 'body' in statement ? Math.max(most, depthOf(statement.body) + Number(statement.type === 'repeat' && statement.rounds > 1)) : most;
  }, 0);
}

/** Whether a statement surely takes a step of the model: a loop has to. */
export function acts(statement: Statement): boolean {
  switch (statement.type) {
    case 'choose':
    case 'hold':
    case 'keep':
      return true;
    case 'loop':
    case 'repeat':
    case 'attempt':
      return (statement.type !== 'repeat' || statement.rounds > 0) && statement.body.some(acts);
    case 'leave':
    case 'fail':
    case 'finish':
    case 'end':
      return false;
  }
}
