import type { Step } from '../plan/step.ts';
import { describeDemand } from '../plan/describe-demand.ts';
import type { FailureReason } from '../sync/operation.ts';

/** Says why the primitives refused a step. */
export function describeFailure(step: Step, reason: FailureReason): string {
  const name = thingOf(step);
  switch (reason) {
    case 'end_of_stream':
      return `\`${name}\` is at its end: nobody can still ${step.verb === 'recv' ? 'send' : 'put'}, and no \`each\` or \`repeat\` is around this \`${step.verb}\``;
    case 'broken':
      return step.verb === 'wait'
        ? `the barrier \`${name}\` is broken: a party timed out, aborted or can no longer arrive`
        : `nobody can still ${step.verb === 'send' ? 'receive from' : 'get from'} \`${name}\``;
    case 'impossible':
      if (step.verb === 'join') return `not every item of \`${name}\` is done, and nobody can still get the rest`;
      return `nobody who runs or starts by itself can still ${step.verb === 'wait' && step.kind === 'condition' ? 'notify' : 'set'} \`${name}\``;
    case 'demand_exceeds_permits':
      return `\`${name}\` will never have so many permits`;
    case 'would_deadlock_on_itself':
      return `\`${name}\` is held by this process already: it would wait for itself for ever`;
    case 'not_owner':
      return step.verb === 'notify' || step.verb === 'wait'
        ? `the lock of \`${name}\` is not held by this process`
        : `\`${name}\` is not held by this process`;
    case 'over_released':
      return `\`${name}\` is bounded and has all of its permits already: one release too many`;
    case 'not_delegable':
      return `\`${name}\` cannot be left to its holder now`;
    case 'nothing_in_hand':
      return `no item of \`${name}\` is in hand`;
    case 'closed':
      return `this process has closed its end of \`${name}\` before`;
    case 'wrong_type':
      return `the value \`${name}\` is not a number`;
    case 'inexact':
      return `with that, the value \`${name}\` would be beyond 2**53 - 1, up to which whole numbers are exact`;
  }
}

function thingOf(step: Step): string {
  switch (step.verb) {
    case 'acquire':
    case 'release':
    case 'with':
      return step.demands.map((demand) => describeDemand(demand)).join(', ');
    case 'set':
    case 'clear':
      return step.event;
    case 'wait':
    case 'close':
    case 'start':
    case 'terminate':
    case 'kill':
      return step.name;
    case 'notify':
      return step.condition;
    case 'abort':
    case 'reset':
      return step.barrier;
    case 'put':
    case 'get':
    case 'task_done':
      return step.queue;
    case 'recv':
    case 'send':
      return step.pipe;
    case 'each':
      return step.source.name;
    case 'join':
      return step.target.name;
    case 'submit':
      return step.pool;
    case 'add':
    case 'store':
    case 'load':
      return step.value;
    default:
      return step.verb;
  }
}
