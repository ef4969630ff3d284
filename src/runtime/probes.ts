import { unreachable } from '../base/invariant.ts';
import type { EngineEvent } from '../engine/engine-event.ts';
import type { ProbePlan } from '../plan/plan.ts';
import type { ProbeRequest, RunningProbe } from './probes/probe-request.ts';
import { runProbe } from './probes/run-probe.ts';

type Overlay = readonly (readonly [name: string, value: string | null])[];

/** What the probes of a run need. */
export interface ProbesOptions {
  readonly environment: (overlay: Overlay) => Readonly<Record<string, string>>;
  readonly post: (event: EngineEvent) => void;
}

/** The probes under way, by the engine's numbers. */
export class Probes {
  readonly #options: ProbesOptions;
  readonly #running = new Map<number, RunningProbe>();

  constructor(options: ProbesOptions) {
    this.#options = options;
  }

  /** Looks once; the answer comes as `probed` unless it is cancelled before. */
  ask(id: number, plan: ProbePlan, argv: readonly string[], workingDir: string, overlay: Overlay): void {
    const request = this.#requestOf(plan, argv, workingDir, overlay);
    if (request === null) return;
    const probe = runProbe(request);
    this.#running.set(id, probe);
    void probe.result.then((result) => {
      if (!this.#running.delete(id)) return;
      const message = result === 'ok' ? '' : result.failed;
      this.#options.post({ type: 'probed', probe: id, ok: result === 'ok', message });
    });
  }

  /** Ends a probe; nothing is heard of it. */
  cancel(id: number): void {
    const probe = this.#running.get(id);
    this.#running.delete(id);
    probe?.cancel();
  }

  /** Ends them all. */
  close(): void {
    for (const id of this.#running.keys()) this.cancel(id);
  }

  #requestOf(plan: ProbePlan, argv: readonly string[], cwd: string, overlay: Overlay): ProbeRequest | null {
    const { timeoutMs } = plan;
    switch (plan.type) {
      case 'exec':
        return { type: 'exec', argv, cwd, env: this.#options.environment(overlay), timeoutMs };
      case 'http_get': {
        const { scheme, host, port, path, status } = plan;
        return { type: 'http_get', scheme, host, port, path, status, timeoutMs };
      }
      case 'tcp_socket':
        return { type: 'tcp_socket', host: plan.host, port: plan.port, timeoutMs };
      case 'log_line':
      case 'notify':
        return null;
      default:
        return unreachable(plan);
    }
  }
}
