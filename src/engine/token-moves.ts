/* What is done about the tokens of jobservers: after each event, and when a token has come or gone. */
import type { PoolPlan } from '../plan/plan.ts';
import type { Demand, Outcome } from '../sync/operation.ts';
import type { Context } from './context.ts';
import { runSlots } from './engine-options.ts';
import { type Jobserver, tokenKeeper } from './jobservers.ts';

/** Before anything else: what there is no token for is out of reach. */
export function beginJobservers(context: Context): void {
  for (const { name, tokens, most } of context.jobservers.all()) {
    const permits = most - tokens.permits;
    if (permits > 0) context.request(tokenKeeper, { verb: 'acquire', demands: [{ name, permits }] }, null, { type: 'none' });
  }
}

/** Asks for tokens that are wanted, and puts back those that are not. */
export function moveTokens(context: Context): void {
  // What is in hand at the end goes back all at once.
  if (context.run.phase === 'over') return;
  for (const jobserver of context.jobservers.all()) {
    for (let isDone = false; !isDone; ) isDone = !moveToken(context, jobserver);
  }
}

function moveToken(context: Context, jobserver: Jobserver): boolean {
  const { name, tokens, size, requests } = jobserver;
  const move = tokens.next({ used: context.holdings.permitsHeld(name), isWanted: isTokenWanted(context, requests.values()) });
  switch (move) {
    case 'ask':
      // With no command of the pool running nobody has any: what was there before is no longer of interest.
      if (size !== null && tokens.held === 0) context.effect({ type: 'fill_jobserver', jobserver: name, tokens: size });
      context.effect({ type: 'ask_token', jobserver: name });
      return true;
    case 'unask':
      context.effect({ type: 'unask_token', jobserver: name });
      return true;
    case 'put_back':
      context.request(tokenKeeper, { verb: 'acquire', demands: [{ name, permits: 1 }] }, context.nowMs, {
        type: 'put_back_token',
        jobserver: name,
      });
      return true;
    case null:
      return false;
  }
}

function isTokenWanted(context: Context, requests: Iterable<readonly Demand[]>): boolean {
  for (const demands of requests) if (demands.every((demand) => mayBeFree(context, demand))) return true;
  return false;
}

/**
 * A token for somebody who waits for a lock as well would lie idle, where a make could use it. Of a semaphore it is
 * not known here how many permits it has just now.
 */
function mayBeFree(context: Context, { name }: Demand): boolean {
  const { plan, holdings } = context;
  if (name === runSlots) return holdings.permitsHeld(name) < (plan.maxParallel ?? Number.POSITIVE_INFINITY);
  return context.primitive(name)?.kind !== 'lock' || holdings.permitsHeld(name) === 0;
}

/** One was read: somebody may run. */
export function tokenRead(context: Context, name: string): void {
  const jobserver = context.jobservers.of(name);
  if (jobserver === undefined) return;
  jobserver.tokens.read();
  context.tell(tokenKeeper, { verb: 'release', demands: [{ name, permits: 1 }] });
}

/** One is out of use and goes back, or was granted to somebody before. */
export function putBackSettled(context: Context, name: string, outcome: Outcome): void {
  const isOut = outcome.status === 'granted';
  context.jobservers.of(name)?.tokens.putBack(isOut);
  if (isOut) context.effect({ type: 'put_back_token', jobserver: name });
}

/**
 * No task of the pool runs just now, so that nobody but mpctl has a token: those that a killed make has
 * taken with it are made good.
 */
export function countTokensAnew(context: Context, pool: PoolPlan): void {
  const name = context.jobservers.offeredBy(pool);
  if (name !== null) context.effect({ type: 'fill_jobserver', jobserver: name, tokens: pool.workers });
}
