import type { Result } from '../base/result.ts';
import { err, ok } from '../base/result.ts';
import type { RunEnd } from '../engine/effect.ts';
import type { HeardSignal } from '../engine/engine-event.ts';
import { matchedPools } from '../plan/matched-tasks.ts';
import type { Plan } from '../plan/plan.ts';
import { slotsOf } from '../plan/slots-of.ts';
import { Orchestrator } from './orchestrator.ts';
import { maxFrameOf } from './max-frame.ts';
import type { RunFailure } from './run-failure.ts';
import { chooseLevel } from './containment/choose-level.ts';
import { findCgroup } from './containment/find-cgroup.ts';
import { prepareContainment, refuseCgroup } from './containment/prepare-containment.ts';
import { seesMarks } from './containment/sees-marks.ts';
import { watchForeground } from './foreground.ts';
import { createRunFolder } from './run-folder/run-folder.ts';
import type { RunOptions } from './run-options.ts';
import { listenOnBothSides } from './listen-on-both-sides.ts';
import { listenToCtrlZ } from './listen-to-ctrl-z.ts';

/** How a run ended, and where its logs are. */
export interface RunOutcome extends RunEnd {
  readonly run: string;
  /** Absolute. */
  readonly folder: string;
}

/**
 * Runs a plan to its end: nothing that it started is alive when the promise resolves. While it runs,
 * SIGINT, SIGTERM, SIGHUP, SIGQUIT and SIGTSTP of this process belong to it; the caller is to die of
 * `RunOutcome.signal` afterwards. Fails only when there is no folder for the run, or
 * what mpctl's own environment says cannot be understood.
 */
export async function runPlan(plan: Plan, options: RunOptions): Promise<Result<RunOutcome, RunFailure>> {
  const maxFrameBytes = maxFrameOf(options.environment);
  if (!maxFrameBytes.ok) return maxFrameBytes;
  const outside = options.outside ?? null;
  const chosen = chooseLevel(plan.containment, { seesMarks: seesMarks(), platform: process.platform, isOwnProcess: options.isOwnProcess ?? false, isInNamespace: outside !== null, cgroup: findCgroup });
  if (!chosen.ok) return chosen;
  // Before anything is made that would be left behind.
  let orchestrator: Orchestrator | null = null;
  const early: HeardSignal[] = [];
  const hear = (signal: HeardSignal): void => {
    if (orchestrator === null) early.push(signal);
    else orchestrator.signal(signal);
  };
  const stopListening = listenOnBothSides(outside, hear);
  const stopWatching = watchForeground(options.onParentExit ?? 'continue', () => hear('orphaned'));
  const stopListeningToCtrlZ = listenToCtrlZ(() => orchestrator?.stop() ?? goOnWithNothing);
  try {
    const folder = createRunFolder({
      projectFolder: options.projectFolder,
      name: plan.name,
      spec: options.specPath,
      members: membersOf(plan),
      request: options.request ?? null,
      fates: matchedPools(plan),
      earlierFolder: options.earlier?.folder ?? null,
      containment: chosen.value,
      outside,
      environment: options.environment,
    });
    if (!folder.ok) return err(folder.error);
    const containment = prepareContainment(plan.containment, chosen.value, folder.value);
    if (!containment.ok) return containment;
    const run = new Orchestrator(plan, folder.value, { ...options, containment: containment.value, maxFrameBytes: maxFrameBytes.value });
    const whyNotInside = await containment.value.enter();
    if (whyNotInside !== null) {
      await run.abandon();
      folder.value.remove();
      return refuseCgroup(folder.value.cgroup, whyNotInside);
    }
    // Up to the first signal that it is told, this is one turn: nothing is started before that.
    orchestrator = run;
    options.onReaderGone?.(() => run.signal('SIGPIPE'));
    const ended = run.run();
    for (const signal of early) run.signal(signal);
    const end = await ended;
    return ok({ ...end, run: folder.value.id, folder: folder.value.path });
  } finally {
    stopListening();
    stopWatching();
    stopListeningToCtrlZ();
  }
}

function goOnWithNothing(): void {
  // Nothing was stopped.
}

/** Who writes a log, by the name of the process or pool. */
function membersOf({ instances, pools }: Plan): Readonly<Record<string, readonly string[]>> {
  const members: Record<string, string[]> = {};
  for (const { process: definition, name } of instances) (members[definition] ??= []).push(name);
  for (const pool of pools) members[pool.name] = [...slotsOf(pool)];
  return members;
}
