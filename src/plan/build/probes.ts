import { httpStatus, port, positiveCount } from '../../spec/schema/leaves.ts';
import type { LivenessProbeSpec, ReadinessProbeSpec } from '../../spec/schema/probe.ts';
import type { ProbePlan } from '../plan.ts';
import { buildCommand } from './commands.ts';
import type { FillPlace } from './fill-place.ts';
import { fillDuration, fillLeaf, fillLoadText, fillOptionalDuration, longestTimeLeaf } from './fill-value.ts';
import { schemaLeaf, wordLeaf } from './leaf.ts';

const countLeaf = schemaLeaf(positiveCount);
const portLeaf = schemaLeaf(port);
const statusLeaf = schemaLeaf(httpStatus);
const schemeLeaf = wordLeaf('http', 'https');

/** A probe with its figures; their defaults differ for readiness and liveness. */
export function buildProbe(
  at: FillPlace,
  spec: ReadinessProbeSpec | LivenessProbeSpec | undefined,
  purpose: 'readiness' | 'liveness',
): ProbePlan | null {
  if (spec === undefined) return null;
  const isCheap = 'tcp_socket' in spec || 'log_line' in spec;
  const defaults =
    purpose === 'liveness'
      ? { periodMs: 10_000, failures: 3 }
      : { periodMs: isCheap ? 20 : 100, failures: 300 };
  const figures = {
    periodMs: fillOptionalDuration(at.below('period'), spec.period) ?? defaults.periodMs,
    timeoutMs: fillDuration(at.below('timeout'), spec.timeout, longestTimeLeaf),
    initialDelayMs: fillDuration(at.below('initial_delay'), spec.initial_delay),
    failureThreshold: fillLeaf(
      at.below('failure_threshold'),
      spec.failure_threshold ?? defaults.failures,
      countLeaf,
      1,
    ),
  };
  if ('exec' in spec)
    return { ...figures, type: 'exec', command: buildCommand(at.below('exec').apartFromTheWork(), spec.exec) };
  if ('http_get' in spec) {
    const place = at.below('http_get');
    const { host, port: number, path, scheme, status } = spec.http_get;
    return {
      ...figures,
      type: 'http_get',
      host: fillLoadText(place.below('host'), host),
      port: fillLeaf(place.below('port'), number, portLeaf, 1),
      path: fillLoadText(place.below('path'), path),
      scheme: fillLeaf(place.below('scheme'), scheme, schemeLeaf, 'http'),
      status:
        status === undefined ? null : fillLeaf(place.below('status'), status, statusLeaf, 200),
    };
  }
  if ('tcp_socket' in spec) {
    const place = at.below('tcp_socket');
    const { host, port: number } = spec.tcp_socket;
    return {
      ...figures,
      type: 'tcp_socket',
      host: fillLoadText(place.below('host'), host),
      port: fillLeaf(place.below('port'), number, portLeaf, 1),
    };
  }
  if ('log_line' in spec) {
    return {
      ...figures,
      type: 'log_line',
      pattern: fillLoadText(at.below('log_line'), spec.log_line),
    };
  }
  return { ...figures, type: 'notify' };
}
