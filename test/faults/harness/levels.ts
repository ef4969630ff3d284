import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { untilTrue } from './deadline.ts';
import { type FaultRun, type FaultRunOptions, startRun } from './fault-run.ts';
import { expectEnd } from './oracles.ts';

/** What a level of containment is called by `mpctl doctor`. */
const subjects = { cgroup: 'cgroup', pidns: 'PID namespace' } as const;

/** A level at which nobody is lost. */
export type WholeLevel = keyof typeof subjects;

/** What `mpctl doctor` says of a level in the namespace of a run. */
export async function adviceOn(level: WholeLevel, run: FaultRun, options: FaultRunOptions = {}): Promise<string> {
  const doctor = await startRun('', { ...options, namespace: run.namespace, verb: 'doctor', flags: ['--json'] });
  await untilTrue(() => run.namespace.endOf(doctor.pid) !== null, 'the end of mpctl doctor');
  const findings = JSON.parse(doctor.output('stdout')) as readonly { readonly subject: string; readonly state: string; readonly says: string }[];
  return findings.find(({ subject }) => subject === subjects[level])?.says ?? 'nothing';
}

/**
 * Starts a run at a level. Where this machine has it not, the run has to refuse with the reason that `mpctl doctor`
 * gives, which is told, and there is none: null.
 */
export async function startAt(level: WholeLevel, spec: string, options: FaultRunOptions = {}): Promise<FaultRun | null> {
  const run = await startRun(`containment: ${level}\n${spec}`, options);
  await untilTrue(() => run.namespace.endOf(run.pid) !== null || run.eventsOf('run.started').length > 0, 'the beginning of a run, or its refusal');
  if (run.eventsOf('run.started').length > 0) {
    expect(run.eventsOf('run.started')).toMatchObject([{ containment: level }]);
    expect(run.found()?.record.containment).toBe(level);
    return run;
  }
  await expectEnd(run, { status: { exitCode: 4 }, withinMs: 2000 });
  const advice = await adviceOn(level, run, options);
  process.stderr.write(`not tested on this machine: ${advice}\n`);
  expect(advice).toContain('cannot be had');
  expect(run.output('stderr')).toContain(`error[MP830]: ${advice}`);
  return null;
}

/** Whether the cgroup of a run is there. */
export function hasCgroup(run: FaultRun): boolean {
  const { cgroup } = run.found()?.record ?? {};
  return cgroup !== undefined && existsSync(path.join(run.namespace.root, cgroup));
}
