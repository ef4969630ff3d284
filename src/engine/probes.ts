/*
 * When to ask whether a process is ready and alive. One probe is under way at a time; the next begins a
 * period after the answer. A `log_line` probe is answered by the output itself.
 */
import type { Result } from '../base/result.ts';
import type { ProbePlan } from '../plan/plan.ts';
import type { Context } from './context.ts';
import { describeDuration } from './describe-duration.ts';
import { waitOf } from './probed-waits.ts';
import { stopProcess } from './process-life.ts';
import { stopMachine } from './step-outcome.ts';
import { emptyScope } from './scope.ts';
import { argvOf, instanceEnvironment } from './spawn-order.ts';
import type { InstanceState } from './unit-state.ts';

/** The command runs: readiness is asked for, or taken for granted where no probe is declared. */
export function beginProbes(context: Context, state: InstanceState): void {
  state.probeFailures = 0;
  state.passedWait = null;
  const { readinessProbe, livenessProbe } = state.plan;
  if (readinessProbe === null) {
    becomeReady(context, state);
    if (livenessProbe !== null) arm(context, state, 'liveness', livenessProbe.initialDelayMs);
    return;
  }
  if (readinessProbe.type === 'log_line' || readinessProbe.type === 'notify') {
    ask(context, state, 'readiness', readinessProbe);
    arm(context, state, 'readiness', readinessProbe.initialDelayMs + readinessProbe.periodMs * readinessProbe.failureThreshold);
    return;
  }
  arm(context, state, 'readiness', readinessProbe.initialDelayMs);
}

/** The attempt is over: nobody asks any more. */
export function endProbes(context: Context, state: InstanceState): void {
  if (state.probeTimer !== null) state.probeTimer.armed = false;
  state.probeTimer = null;
  if (state.probe !== null) {
    context.probes.delete(state.probe.id);
    context.effect({ type: 'cancel_probe', probe: state.probe.id });
  }
  state.probe = null;
}

/** It is time to ask. */
export function probeTimerFired(context: Context, state: InstanceState, kind: 'readiness' | 'liveness'): void {
  const plan = kind === 'readiness' ? state.plan.readinessProbe : state.plan.livenessProbe;
  state.probeTimer = null;
  if (plan === null || state.phase !== 'running') return;
  if (plan.type === 'notify') {
    fail(context, state, kind, `it said neither \`mpctl ready\` nor \`READY=1\` to \`NOTIFY_SOCKET\` within ${describeDuration(plan.periodMs * plan.failureThreshold)}`);
    return;
  }
  if (plan.type === 'log_line') {
    fail(context, state, kind, `no line matched \`${plan.pattern}\` within ${describeDuration(plan.periodMs * plan.failureThreshold)}`);
    return;
  }
  ask(context, state, kind, plan);
}

/** The answer of a probe. */
export function probed(context: Context, state: InstanceState, ok: boolean, message: string): void {
  const { kind, wait = null } = state.probe ?? {};
  state.probe = null;
  if (kind === undefined || state.phase !== 'running') return;
  const plan = kind === 'readiness' ? state.plan.readinessProbe : state.plan.livenessProbe;
  if (plan === null) return;
  if (ok) {
    state.probeFailures = 0;
    if (kind === 'readiness') {
      if (state.probeTimer !== null) state.probeTimer.armed = false;
      becomeReady(context, state);
      if (state.plan.livenessProbe !== null) {
        arm(context, state, 'liveness', state.plan.livenessProbe.initialDelayMs);
      }
    } else {
      if (state.passedWait !== wait) context.waitsChanged = true;
      state.passedWait = wait;
      arm(context, state, kind, plan.periodMs);
    }
    return;
  }
  state.passedWait = null;
  state.probeFailures += 1;
  if (state.probeFailures >= plan.failureThreshold) {
    const word = kind === 'readiness' ? 'was not ready' : 'was not alive';
    const why = `${word} after ${state.probeFailures === 1 ? 'one probe' : `${state.probeFailures} probes`}: ${message}`;
    fail(context, state, kind, why, `it ${why}`);
    return;
  }
  arm(context, state, kind, plan.periodMs);
}

/** The program says itself that it is ready; without a probe that asks for it, nothing depends on that. */
export function programIsReady(context: Context, state: InstanceState): void {
  if (state.plan.readinessProbe?.type !== 'notify' || state.isReady || state.probe?.kind !== 'readiness') return;
  context.probes.delete(state.probe.id);
  probed(context, state, true, '');
}

function becomeReady(context: Context, state: InstanceState): void {
  state.isReady = true;
  // As long as it was probed it was to be stopped in the end, and now it may wait for ever.
  context.waitsChanged = true;
  if (state.plan.readinessProbe !== null) {
    state.sinceMs = context.nowMs;
    context.report({ type: 'instance.ready', instance: state.name });
  }
  context.post({ type: 'moment', unit: state.name, moment: 'ready' });
}

/** `said`: of what is not ready, the same as a sentence. */
function fail(context: Context, state: InstanceState, kind: 'readiness' | 'liveness', why: string, said = why): void {
  endProbes(context, state);
  state.cause ??= { reason: 'unready', why };
  const sentence = kind === 'readiness' ? said : `its liveness probe failed: ${why}`;
  if (state.process !== null) stopProcess(context, state.process, 'unready', sentence);
  if (state.machine !== null) stopMachine(context, context.machine(state.machine), sentence, false);
}

function arm(context: Context, state: InstanceState, kind: 'readiness' | 'liveness', delayMs: number): void {
  state.probeTimer = context.timers.arm(context.nowMs + delayMs, { type: 'probe', instance: state.name, kind });
}

function ask(context: Context, state: InstanceState, kind: 'readiness' | 'liveness', plan: ProbePlan): void {
  const environment = instanceEnvironment(context, state, emptyScope, null);
  if (!environment.ok) {
    fail(context, state, kind, environment.error);
    return;
  }
  const scope = { ...emptyScope, environment: new Map(environment.value) };
  const argv: Result<readonly string[], string> = plan.type === 'exec' ? argvOf(context, scope, plan.command) : { ok: true, value: [] };
  if (!argv.ok) {
    fail(context, state, kind, argv.error);
    return;
  }
  const id = context.nextProbe();
  state.probe = { id, kind, wait: waitOf(context, state) };
  context.probes.set(id, state.name);
  context.effect({
    type: 'probe',
    probe: id,
    instance: state.name,
    attempt: state.attempt,
    plan,
    argv: argv.value,
    workingDir: state.plan.workingDir,
    environment: environment.value,
  });
}
