import type { CommandPlan } from './command.ts';
import type { Plan, PoolBody, WorkBody } from './plan.ts';
import type { Step } from './step.ts';

const nothing: CommandPlan = { type: 'argv', argv: ['true'], place: [], args: { place: [], first: 1 } };

/**
 * The plan with a command that does nothing in place of every one: what is left is what mpctl does by itself. Nobody is asked
 * whether it is ready, and what it takes to stop one is not run.
 */
export function withoutPrograms(plan: Plan): Plan {
  return {
    ...plan,
    instances: plan.instances.map((instance) => ({
      ...instance,
      body: bodyOf(instance.body),
      readinessProbe: null,
      livenessProbe: null,
      tty: false,
      successExitCodes: [0],
      stop: { ...instance.stop, command: null },
    })),
    pools: plan.pools.map((pool) => ({ ...pool, body: poolBodyOf(pool.body), jobserver: false, successExitCodes: [0], stop: { ...pool.stop, command: null } })),
  };
}

function bodyOf(body: WorkBody): WorkBody {
  return body.type === 'steps' ? { type: 'steps', steps: stepsOf(body.steps) } : { type: 'command', command: nothing };
}

function poolBodyOf(body: PoolBody): PoolBody {
  return body.type === 'worker' ? { type: 'command', command: nothing } : bodyOf(body);
}

function stepsOf(steps: readonly Step[]): readonly Step[] {
  return steps.map((step): Step => {
    const onTimeout = step.onTimeout.type === 'steps' ? { ...step.onTimeout, steps: stepsOf(step.onTimeout.steps) } : step.onTimeout;
    switch (step.verb) {
      case 'run':
        return { ...step, onTimeout, command: nothing };
      case 'with':
      case 'each':
      case 'repeat':
        return { ...step, onTimeout, steps: stepsOf(step.steps) };
      default:
        return { ...step, onTimeout };
    }
  });
}
