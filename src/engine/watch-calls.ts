import { err, ok } from '../base/result.ts';
import type { CallError } from '../protocol/error-kind.ts';
import type { Answer } from './caller.ts';
import type { ActorIndex } from './can-act.ts';
import type { Context } from './context.ts';
import { describeDuration } from './describe-duration.ts';
import { endCall } from './end-call.ts';
import { momentStatus, neverStarts } from './moments.ts';
import type { PendingCall } from './pending-call.ts';
import { unitsNamed } from './unit-list.ts';

/** Answers the calls whose end or fate has come, or can no longer come. */
export function watchCalls(context: Context, index: ActorIndex): void {
  if (!context.calls.isWatching) return;
  for (const pending of [...context.calls.watching]) {
    const answer = answerOf(context, index, pending);
    if (answer !== null) endCall(context, pending, answer);
  }
}

type WatchingCall = Extract<PendingCall['call'], { type: 'await' | 'join' | 'result' }>;

/** What has not come in the time of such a call. */
export function tooLate(call: WatchingCall): CallError {
  if (call.timeoutMs === null || call.timeoutMs === 0) return { kind: 'would_block', message: `${missed(call)} yet` };
  return { kind: 'timed_out', message: `${missed(call)} within ${describeDuration(call.timeoutMs)}` };
}

function missed(call: WatchingCall): string {
  switch (call.type) {
    case 'await':
      return `\`${call.name}\` has not come to \`${call.moment}\``;
    case 'join':
      return `\`${call.name}\` has not ended`;
    case 'result':
      return `task ${call.task} of \`${call.pool}\` has not ended`;
  }
}

/** True once all are at the moment; an outcome that was another can no longer come. */
function momentAnswer(context: Context, index: ActorIndex, { name, moment }: Extract<PendingCall['call'], { type: 'await' }>): Answer | null {
  const units = unitsNamed(context, name);
  const status = momentStatus(context, index, units, moment);
  if (status === 'pending') return null;
  if (status === 'met') return ok(true);
  return err({ kind: 'impossible', message: `\`${name}\` has not come to \`${moment}\`, and no longer can` });
}

function neverEnds(who: string): Answer {
  return err({ kind: 'impossible', message: `${who} was never started, and nobody who runs or starts by itself can still start it` });
}

function answerOf(context: Context, index: ActorIndex, { call }: PendingCall): Answer | null {
  if (call.type === 'join') {
    const units = unitsNamed(context, call.name);
    const never = units.find((unit) => neverStarts(context, index, unit));
    if (never !== undefined) return neverEnds(`\`${never.name}\``);
    if (units.some(({ end }) => end === null)) return null;
    if (call.kind === 'pool') return ok(null);
    return ok({ exitcodes: Object.fromEntries(units.map(({ name, end }) => [name, end?.exitcode ?? null])) });
  }
  if (call.type === 'await') return momentAnswer(context, index, call);
  if (call.type !== 'result') return null;
  const pool = context.pool(call.pool);
  const task = pool.submitted.get(call.task);
  if (task === undefined) return err({ kind: 'not_found', message: `\`${call.pool}\` has no submitted task ${call.task}` });
  if (task === null) return neverStarts(context, index, pool) ? neverEnds(`the pool \`${pool.name}\``) : null;
  return ok({ fate: task.fate, value: task.value, why: task.why });
}
