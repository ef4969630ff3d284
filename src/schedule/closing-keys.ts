import type { Closing } from '../sync/closing.ts';
import type { ScheduledOperation } from './schedule.ts';

/** What has come to an end, and of what. */
export type ClosingKey = `${Closing['type']}:${string}`;

/** The same for equal closings. */
export function keyOf({ type, name }: Closing): ClosingKey {
  return `${type}:${name}`;
}

/** What has come to an end where this operation finds it at its end. */
export function closedBy({ op, on }: ScheduledOperation): readonly ClosingKey[] {
  if (op === 'get') return on.map((name): ClosingKey => `end_of_stream:${name}`);
  return on.flatMap((name): ClosingKey[] => [`break:${name}`, `orphan:${name}`]);
}
