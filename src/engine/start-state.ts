import type { StartState } from './unit-state.ts';

/** Where instances and pools alike begin: nobody has started them, nothing is waited for. */
export function newStartState(): StartState {
  return {
    phase: 'idle',
    sinceMs: 0,
    stopWhy: null,
    dependencyTimers: [],
    startRequests: new Map(),
    barrierIndex: 0,
    hasStarted: false,
    isReady: false,
    end: null,
    firstStartedMs: null,
    waits: [],
    finallyTimer: null,
  };
}
