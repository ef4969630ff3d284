import type { Script, Statement, Way } from '../model.ts';

/** The same script where it may be over, without a failure, wherever it is once an event is set. */
export function killable(script: Script, event: string): Script {
  return script.map((statement) => killableStatement(statement, event));
}

function killableStatement(statement: Statement, event: string): Statement {
  switch (statement.type) {
    case 'choose': {
      const isKilled: Way = { operation: { do: 'await', facts: [{ type: 'event', event }] }, next: [{ type: 'finish', isKilled: true }] };
      return { ...statement, ways: [...statement.ways.map((way) => ({ ...way, next: killable(way.next, event) })), isKilled] };
    }
    case 'attempt':
      return { ...statement, body: killable(statement.body, event), onFailure: killable(statement.onFailure, event) };
    case 'loop':
    case 'repeat':
    case 'hold':
    case 'keep':
      return { ...statement, body: killable(statement.body, event) };
    case 'leave':
      return statement.next === undefined ? statement : { ...statement, next: killable(statement.next, event) };
    case 'fail':
    case 'finish':
    case 'end':
      return statement;
  }
}
