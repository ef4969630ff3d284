'use strict';
/**
 * Loaded into mpctl by `node --require`: what goes wrong inside it on SIGUSR2, by the variable FAULT.
 */
const faults = {
  'uncaught exception': () => {
    throw new Error('a fault that was injected');
  },
  'unhandled rejection': () => {
    void Promise.reject(new Error('a fault that was injected'));
  },
  'out of memory': () => {
    const kept = [];
    for (;;) kept.push(Array.from({ length: 10_000 }, (_, index) => ({ index })));
  },
  'blocked loop': () => {
    process._rawDebug('blocked');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(process.env.FAULT_MS));
  },
};
const fault = faults[process.env.FAULT];
if (fault !== undefined) process.on('SIGUSR2', fault);
