import { isMainThread } from 'node:worker_threads';

/**
 * What the system does not show of a program whose event loop sleeps: whether it hears SIGUSR1, which Node
 * catches for itself in any case. A worker cannot know what the main thread hears.
 */
export function hearsOnlyAnswers(): boolean {
  return isMainThread && process.listenerCount('SIGUSR1') === 0;
}
