import { Worker } from 'node:worker_threads';
import type { Plan } from '../../src/plan/plan.ts';
import type { Judgement } from '../../src/verify/judge.ts';
import { packagePath } from '../assets.ts';
import type { OutputStream } from '../host.ts';
import type { DeepMessage } from './deep-message.ts';
import { DeepProgress } from './deep-progress.ts';

/**
 * Judges a plan in a thread of its own, for as long as somebody waits who knows that it takes long, and tells now and then how
 * far it has come.
 *
 * @throws Error when the thread fails, which is a bug.
 */
export async function judgeDeeply(plan: Plan, stderr: Pick<OutputStream, 'isTTY' | 'write'>): Promise<Judgement> {
  const worker = new Worker(packagePath('dist', 'deep-search.cjs'));
  const progress = new DeepProgress(stderr);
  try {
    return await new Promise<Judgement>((resolve, reject) => {
      worker.on('message', (message: DeepMessage) => {
        if (message.type === 'judged') resolve(message.judgement);
        else progress.report(message.states);
      });
      worker.on('error', reject);
      worker.on('exit', (code) => {
        reject(new Error(`the thread of the search ended with ${code} and no answer`));
      });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A thread has no origin.
      worker.postMessage(plan);
    });
  } finally {
    progress.end();
    await worker.terminate();
  }
}
