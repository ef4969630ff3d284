import type { InstancePlan } from '../plan/plan.ts';
import { newStartState } from './start-state.ts';
import type { InstanceState } from './unit-state.ts';

/** An instance that nothing has happened to yet. */
export function newInstance(plan: InstancePlan): InstanceState {
  return {
    type: 'instance',
    plan,
    name: plan.name,
    ...newStartState(),
    attempt: 0,
    holdRequest: null,
    process: null,
    machine: null,
    restartWhy: null,
    attemptTimer: null,
    backoffTimer: null,
    restartTimesMs: [],
    pid: null,
    lastExit: null,
    cause: null,
    tokens: {},
    probe: null,
    passedWait: null,
    probeTimer: null,
    probeFailures: 0,
  };
}

/** Ready to be started once more by a `start` step: its last life leaves nothing behind. */
export function renewInstance(state: InstanceState): void {
  Object.assign(state, { ...newInstance(state.plan), attempt: state.attempt, finallyTimer: state.finallyTimer });
}
