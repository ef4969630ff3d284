import type { Script } from './model.ts';

/** What comes once the lock of a condition is there again. */
export function behindRetake([first]: Script): Script {
  const ways = first?.type === 'choose' ? first.ways : [];
  return ways.find(({ operation }) => operation.do === 'acquire' && operation.isRetake === true)?.next ?? [];
}
