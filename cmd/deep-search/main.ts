/** The thread that a deep search has for itself, so that the one of the command hears of everything meanwhile: is given a plan, and judges it. */
import { parentPort } from 'node:worker_threads';
import type { Plan } from '../../src/plan/plan.ts';
import { judge } from '../../src/verify/judge.ts';
import type { DeepMessage } from './deep-message.ts';
import { deepSearch } from './search-limits.ts';

/** So often it says how far it has come. */
const progressMs = 1000;

function say(message: DeepMessage): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A thread has no origin.
  parentPort?.postMessage(message);
}

parentPort?.once('message', (plan: Plan) => {
  const beganMs = performance.now();
  let nextMs = beganMs + progressMs;
  const mayGoOn = (states: number): boolean => {
    const nowMs = performance.now();
    if (nowMs >= nextMs) {
      nextMs = nowMs + progressMs;
      say({ type: 'progress', states });
    }
    return nowMs < beganMs + deepSearch.mostMs;
  };
  say({ type: 'judged', judgement: judge(plan, { maxStates: deepSearch.mostStates, mayGoOn }) });
});
