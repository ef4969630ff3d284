import { unreachable } from '../../base/invariant.ts';
import { RunningTimer } from '../running-ms.ts';
import { runExecProbe } from './exec-probe.ts';
import { runHttpProbe } from './http-probe.ts';
import type { ProbeRequest, ProbeResult, RunningProbe } from './probe-request.ts';
import { runTcpProbe } from './tcp-probe.ts';

/** Looks once. How often, and how many failures matter, is the caller's business. */
export function runProbe(probe: ProbeRequest): RunningProbe {
  const controller = new AbortController();
  const cancelled = new Promise<ProbeResult>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve({ failed: String(controller.signal.reason) }));
  });
  const timer = new RunningTimer(probe.timeoutMs, () => controller.abort(`no answer within ${probe.timeoutMs} ms`));
  const result = Promise.race([start(probe, controller.signal), cancelled]).finally(() => timer.cancel());
  return { result, cancel: () => controller.abort('cancelled') };
}

function start(probe: ProbeRequest, signal: AbortSignal): Promise<ProbeResult> {
  switch (probe.type) {
    case 'exec':
      return runExecProbe(probe.argv, probe.cwd, probe.env, signal);
    case 'http_get':
      return runHttpProbe(probe, signal);
    case 'tcp_socket':
      return runTcpProbe(probe.host, probe.port, signal);
    default:
      return unreachable(probe);
  }
}
