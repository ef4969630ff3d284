import { Template } from '../../base/template.ts';
import type { Text } from '../../base/template.ts';
import { unreachable } from '../../base/invariant.ts';
import { describeDemand } from './describe-demand.ts';
import { describeDuration } from './describe-duration.ts';
import type { CommandPlan } from '../command.ts';
import type { PoolBody } from '../plan.ts';
import type { Step } from '../step.ts';

/** What something runs, in one line: its command, or what its steps do. */
export function describeBody(body: PoolBody): string {
  return body.type === 'steps'
    ? body.steps.map(describeStep).join(', ')
    : describeCommand(body.command);
}

/** A command as a user would type it; of a script the first line. */
export function describeCommand(command: CommandPlan): string {
  if (command.type === 'argv') return command.argv.map(quoted).join(' ');
  const lines = command.script.split('\n').filter((line) => line.trim() !== '');
  const [first = ''] = lines;
  const more = lines.length > 1 ? ' …' : '';
  return [`${first.trim()}${more}`, ...command.args.map(quoted)].join(' ');
}

/** A text with its expressions as they were written. */
export function describeText(text: Text): string {
  if (!(text instanceof Template)) return text;
  return text.parts
    .map((part) => (typeof part === 'string' ? part : `\${{ ${part.source} }}`))
    .join('');
}

function quoted(word: Text): string {
  const text = describeText(word);
  const plain = /^[\w@%+=:,./~^-]+$/.test(text) || text.includes('${{');
  return plain ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function describeStep(step: Step): string {
  switch (step.verb) {
    case 'run':
      return describeCommand(step.command);
    case 'acquire':
    case 'release':
      return `${step.verb} ${step.demands.map(describeDemand).join(', ')}`;
    case 'with':
      return `with ${step.demands.map(describeDemand).join(', ')} { ${step.steps.map(describeStep).join(', ')} }`;
    case 'each':
      return `each ${step.source.name} { ${step.steps.map(describeStep).join(', ')} }`;
    case 'repeat': {
      const rounds = typeof step.rounds === 'object' ? step.rounds.length : step.rounds;
      return `repeat ${rounds} { ${step.steps.map(describeStep).join(', ')} }`;
    }
    case 'set':
    case 'clear':
      return `${step.verb} ${step.event}`;
    case 'abort':
    case 'reset':
      return `${step.verb} ${step.barrier}`;
    case 'put':
    case 'get':
    case 'task_done':
      return `${step.verb} ${step.queue}`;
    case 'recv':
    case 'send':
      return `${step.verb} ${step.pipe}`;
    case 'wait':
    case 'close':
    case 'start':
    case 'terminate':
    case 'kill':
      return `${step.verb} ${step.name}`;
    case 'notify':
      return `notify ${step.condition}`;
    case 'join':
      return `join ${step.target.name}`;
    case 'submit':
      return `submit ${step.pool}`;
    case 'result':
      return `result ${step.handle}`;
    case 'add':
    case 'store':
    case 'load':
      return `${step.verb} ${step.value}`;
    case 'sleep':
      return `sleep ${describeDuration(step.durationMs)}`;
    case 'print':
    case 'exit':
    case 'shutdown':
      return step.verb;
    default:
      return unreachable(step);
  }
}
