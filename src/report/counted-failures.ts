import type { RunRecord } from './run-record.ts';

/** An instance or pool whose failure counts. */
export interface CountedFailure {
  readonly name: string;
  readonly why: string;
}

/**
 * What has failed without being spared by `allow_failure`: instances, then pools, in the order of
 * the spec.
 */
export function countedFailures(record: RunRecord): readonly CountedFailure[] {
  const failures: CountedFailure[] = [];
  for (const { name, state } of record.instances.values()) {
    if (state.type === 'ended' && state.state === 'failed' && !state.allowed)
      failures.push({ name, why: state.why });
  }
  for (const { name, ended } of record.pools.values()) {
    if (ended !== null && ended.state === 'failed' && !ended.allowed)
      failures.push({ name, why: ended.why });
  }
  return failures;
}
