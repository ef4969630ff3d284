import type { InstancePlan, Plan, PoolPlan } from '../../plan/plan.ts';
import type { Step } from '../../plan/step.ts';
import { slotsOf } from '../../plan/slots-of.ts';
import { walkSteps } from '../../plan/walk-steps.ts';
import type { Demand } from '../../sync/operation.ts';
import type { StuckActor } from '../told-deadlock.ts';
import { editAt, editSteps, stands } from './edit-steps.ts';
import type { Mend } from './mend.ts';
import { endsOfStreams } from './end-mends.ts';
import { poolOfTheirOwn } from './pool-mends.ts';
import { moreSlots, waitsBySteps } from './start-mends.ts';
import { takenInEachRound } from './loop-mends.ts';
import { takenTogether } from './together-mend.ts';
import { awaitedOutside } from './with-mends.ts';

/** Up to so much more of something is tried. */
const mostMore = 8;

/** Changes that may help those who are stuck, the best first. None leaves all as it was: to look at that would take the time of what helps. */
export function* mendsFor(plan: Plan, stuck: readonly StuckActor[]): Generator<Mend> {
  yield* sameOrder(plan, stuck);
  yield* takenTogether(plan, limitsOf(plan, stuck), new Set(worksOf(plan, stuck).map(({ name }) => name)));
  yield* togetherBefore(plan, stuck);
  yield* releasedBefore(plan, stuck);
  yield* awaitedOutside(plan, stuck, limitsOf(plan, stuck));
  yield* heldForLess(plan, stuck);
  yield* takenInEachRound(plan, stuck);
  yield* waitsLater(plan, stuck);
  yield* withoutBound(plan, stuck);
  yield* poolOfTheirOwn(plan, poolsOf(plan, stuck));
  yield* withoutOrder(plan, stuck);
  yield* morePermits(plan, stuck);
  yield* moreSlots(plan, stuck);
  yield* waitsBySteps(plan, stuck);
  yield* endsOfStreams(plan, stuck);
  yield* moreWorkers(plan, stuck);
}

/** Changes by which something else comes than was meant; better than nothing. */
export function* lastMendsFor(plan: Plan, stuck: readonly StuckActor[]): Generator<Mend> {
  yield* setAtFirst(plan, stuck);
  yield* waitsNotForEver(plan, stuck);
}

function limitsOf(plan: Plan, stuck: readonly StuckActor[]): readonly string[] {
  const awaited = new Set(stuck.flatMap(({ waitsFor }) => waitsFor));
  return plan.primitives.filter(({ kind, name }) => (kind === 'lock' || kind === 'semaphore') && awaited.has(name)).map(({ name }) => name);
}

function worksOf(plan: Plan, stuck: readonly StuckActor[]): readonly (InstancePlan | PoolPlan)[] {
  const names = new Set(stuck.map(({ name }) => name));
  return [...plan.instances.filter(({ name }) => names.has(name)), ...plan.pools.filter((pool) => names.has(pool.name) || slotsOf(pool).some((slot) => names.has(slot)))];
}

function poolsOf(plan: Plan, stuck: readonly StuckActor[]): readonly PoolPlan[] {
  return worksOf(plan, stuck).flatMap((work) => ('workers' in work ? [work] : []));
}

function list(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

/** Acquires of one list in the order in which the primitives stand in the spec. */
function* sameOrder(plan: Plan, stuck: readonly StuckActor[]): Generator<Mend> {
  const limits = limitsOf(plan, stuck);
  if (limits.length < 2) return;
  let isSorted = true;
  const mended = editSteps(plan, (steps) => {
    const taken = steps.flatMap((step) => (step.verb === 'acquire' && step.demands.every(({ name }) => limits.includes(name)) ? [step.demands] : []));
    const sorted = taken.toSorted((left, right) => limits.indexOf(left[0]?.name ?? '') - limits.indexOf(right[0]?.name ?? ''));
    isSorted &&= sorted.every((demands, index) => demands === taken[index]);
    let next = 0;
    return steps.map((step): Step => {
      if (step.verb !== 'acquire' || !step.demands.every(({ name }) => limits.includes(name))) return step;
      next += 1;
      return { ...step, demands: sorted[next - 1] ?? step.demands };
    });
  });
  if (isSorted) return;
  yield { hint: `take ${list(limits)} in this order everywhere, or together in one step: \`acquire: [${limits.join(', ')}]\``, plan: mended };
}

/** What programs declare that they take, before they start. */
function* togetherBefore(plan: Plan, stuck: readonly StuckActor[]): Generator<Mend> {
  const works = worksOf(plan, stuck).filter(({ declaredHolds }) => declaredHolds.length > 0);
  if (works.length === 0) return;
  const names = new Set(works.map(({ name }) => name));
  const widened = <Work extends InstancePlan | PoolPlan>(work: Work): Work => (names.has(work.name) ? { ...work, holds: all(work.holds, work.declaredHolds), declaredHolds: [] } : work);
  const [first] = works;
  const wanted = first === undefined ? [] : all(first.holds, first.declaredHolds).map(({ name }) => name);
  yield { hint: `let ${list([...names])} take all before the start: \`with: [${wanted.join(', ')}]\``, plan: { ...plan, instances: plan.instances.map(widened), pools: plan.pools.map(widened) } };
}

function all(holds: readonly Demand[], more: readonly string[]): readonly Demand[] {
  return [...holds, ...more.filter((name) => holds.every((hold) => hold.name !== name)).map((name) => ({ name, permits: 1 }))];
}

/** What is held by steps is released before a wait for others. */
function* releasedBefore(plan: Plan, stuck: readonly StuckActor[]): Generator<Mend> {
  const limits = limitsOf(plan, stuck);
  for (const one of stuck) {
    const { place, waitsFor } = one;
    if (waitsFor.some((what) => limits.includes(what))) continue;
    const held = heldBefore(worksOf(plan, [one])[0], place, limits);
    if (held.length === 0) continue;
    const mended = editAt(plan, place, (steps, index) => {
      const at = steps[index];
      return at === undefined ? steps : withoutReleases(steps, index, held).toSpliced(index, 0, { verb: 'release', demands: held, place: at.place, as: null, allowFailure: false, timeoutMs: null, onTimeout: { type: 'fail' } });
    });
    yield { hint: `release ${list(held.map((demand) => demand.name))} before ${list(waitsFor)} is waited for`, plan: mended };
  }
}

/** What is released sooner is not released again behind a step, up to where it is taken anew. */
function withoutReleases(steps: readonly Step[], from: number, held: readonly Demand[]): readonly Step[] {
  const left = new Set(held.map(({ name }) => name));
  return steps.map((step, index): Step => {
    if (index < from) return step;
    if (step.verb === 'acquire') for (const { name } of step.demands) left.delete(name);
    return step.verb === 'release' ? { ...step, demands: step.demands.filter(({ name }) => !left.has(name)) } : step;
  });
}

/** What acquires of the same list as a step have taken before it, and did not give back. */
function heldBefore(work: InstancePlan | PoolPlan | undefined, place: StuckActor['place'], limits: readonly string[]): readonly Demand[] {
  if (work?.body.type !== 'steps') return [];
  const held = new Map<string, number>();
  for (const step of work.body.steps) {
    if (stands(step, place)) break;
    if (step.verb !== 'acquire' && step.verb !== 'release') continue;
    for (const { name, permits } of step.demands) held.set(name, (held.get(name) ?? 0) + (step.verb === 'acquire' ? permits : -permits));
  }
  return [...held].flatMap(([name, permits]) => (permits > 0 && limits.includes(name) ? [{ name, permits }] : []));
}

/** What a process holds for life is held only until it waits for others. */
function* heldForLess(plan: Plan, stuck: readonly StuckActor[]): Generator<Mend> {
  const limits = limitsOf(plan, stuck);
  for (const { name, place, waitsFor } of stuck) {
    const instance = plan.instances.find((one) => one.name === name);
    if (instance?.body.type !== 'steps' || !instance.holds.some((hold) => limits.includes(hold.name))) continue;
    const { steps } = instance.body;
    const index = steps.findIndex((step) => stands(step, place));
    if (index <= 0) continue;
    const held: Step = { verb: 'with', demands: instance.holds, steps: steps.slice(0, index), place: instance.place, as: null, allowFailure: false, timeoutMs: null, onTimeout: { type: 'fail' } };
    const mended: InstancePlan = { ...instance, holds: [], body: { type: 'steps', steps: [held, ...steps.slice(index)] } };
    yield {
      hint: `let \`${name}\` hold ${list(instance.holds.map((hold) => hold.name))} by a step \`with\` that ends before ${list(waitsFor)} is waited for`,
      plan: { ...plan, instances: plan.instances.map((one) => (one === instance ? mended : one)) },
    };
  }
}

/** A wait comes behind all else that its process does. */
function* waitsLater(plan: Plan, stuck: readonly StuckActor[]): Generator<Mend> {
  for (const { name, place, waitsFor } of stuck) {
    let isMoved = false;
    const mended = editAt(plan, place, (steps, index) => {
      const step = steps[index];
      if (step === undefined || (step.verb !== 'wait' && step.verb !== 'join') || index === steps.length - 1) return steps;
      isMoved = true;
      return [...steps.toSpliced(index, 1), step];
    });
    if (!isMoved) continue;
    yield { hint: `let \`${name}\` wait for ${list(waitsFor)} after its other steps`, plan: mended };
  }
}

/** Queues and pipes take any number of items. */
function* withoutBound(plan: Plan, stuck: readonly StuckActor[]): Generator<Mend> {
  const awaited = new Set(stuck.flatMap(({ waitsFor }) => waitsFor));
  const bounded = plan.primitives.filter((primitive) => (primitive.kind === 'queue' || primitive.kind === 'pipe') && primitive.capacity !== null && awaited.has(primitive.name));
  if (bounded.length === 0) return;
  const names = bounded.map(({ name }) => name);
  const moved = bounded.every(({ kind }) => kind === 'pipe') ? 'sent before something is received' : 'put before something is taken';
  yield {
    hint: `leave out the \`capacity\` of ${list(names)}, or make it as large as all that is ${moved}`,
    plan: { ...plan, primitives: plan.primitives.map((primitive) => ((primitive.kind === 'queue' || primitive.kind === 'pipe') && names.includes(primitive.name) ? { ...primitive, capacity: null } : primitive)) },
  };
}

function* moreWorkers(plan: Plan, stuck: readonly StuckActor[]): Generator<Mend> {
  if (stuck.every(({ waitsFor }) => waitsFor.length === 0)) return;
  for (const pool of worksOf(plan, stuck)) {
    if (!('workers' in pool)) continue;
    for (let more = 1; more <= mostMore; more += 1) {
      const workers = pool.workers + more;
      yield { hint: `give \`${pool.name}\` ${workers} workers`, plan: { ...plan, pools: plan.pools.map((one) => (one === pool ? { ...one, workers } : one)) } };
    }
  }
}

/** Whoever asks for less may pass those who came before. */
function* withoutOrder(plan: Plan, stuck: readonly StuckActor[]): Generator<Mend> {
  const limits = limitsOf(plan, stuck);
  const fair = plan.primitives.filter((primitive) => primitive.kind === 'semaphore' && primitive.fair && limits.includes(primitive.name)).map(({ name }) => name);
  if (fair.length === 0) return;
  yield {
    hint: `leave out \`fair: true\` of ${list(fair)}, so that who asks for little may pass who waits for much`,
    plan: { ...plan, primitives: plan.primitives.map((primitive) => (primitive.kind === 'semaphore' && fair.includes(primitive.name) ? { ...primitive, fair: false } : primitive)) },
  };
}

function* morePermits(plan: Plan, stuck: readonly StuckActor[]): Generator<Mend> {
  for (const name of limitsOf(plan, stuck)) {
    const limit = plan.primitives.find((primitive) => primitive.name === name);
    if (limit?.kind === 'semaphore') {
      const holders = new Set(stuck.flatMap(({ heldBy }) => heldBy.flatMap(({ what, by }) => (what === name ? by : []))));
      const isOneByOne = stuck.some((one) => one.waitsFor.includes(name) && holders.has(one.name));
      for (let more = 1; more <= mostMore; more += 1) {
        const permits = limit.permits + more;
        yield { hint: `give \`${name}\` ${permits} permits${isOneByOne ? ', or take all that are needed in one step' : ''}`, plan: { ...plan, primitives: plan.primitives.map((primitive) => (primitive === limit ? { ...limit, permits } : primitive)) } };
      }
    } else if (limit?.kind === 'lock') {
      const semaphore = { kind: 'semaphore', name, permits: 2, bounded: true, fair: false, place: limit.place } as const;
      yield { hint: `if two may have it at once, make \`${name}\` a semaphore: \`semaphores: { ${name}: 2 }\``, plan: { ...plan, primitives: plan.primitives.map((primitive) => (primitive === limit ? semaphore : primitive)) } };
    }
  }
}

/** A minute; how long it is makes no difference to what can happen. */
const patienceMs = 60_000;

function* waitsNotForEver(plan: Plan, stuck: readonly StuckActor[]): Generator<Mend> {
  for (const one of stuck) {
    const { name, place, waitsFor } = one;
    const work = worksOf(plan, [one])[0];
    if (work?.body.type === 'command' && 'timeoutMs' in work && one.isStarted) {
      const timed = plan.instances.map((instance) => (instance === work ? { ...work, timeoutMs: patienceMs } : instance));
      yield { hint: `let \`${name}\` not run for ever: with \`timeout: 1m\` it is stopped and has failed`, plan: { ...plan, instances: timed }, fails: true };
    }
    if (waitsFor.length === 0 || work?.body.type !== 'steps' || ![...walkSteps(work.body.steps)].some((step) => stands(step, place))) continue;
    const mended = editAt(plan, place, (steps, index) => steps.map((step, at) => (at === index ? { ...step, timeoutMs: patienceMs } : step)));
    const others = stuck.length > 1 ? 'remove one of these waits, or ' : '';
    yield { hint: `${others}let \`${name}\` not wait for ever: with \`timeout: 1m\` its wait for ${list(waitsFor)} fails`, plan: mended, fails: true };
  }
}

/** An event that is waited for in a circle is set from the beginning. */
function* setAtFirst(plan: Plan, stuck: readonly StuckActor[]): Generator<Mend> {
  const awaited = new Set(stuck.flatMap(({ waitsFor }) => waitsFor));
  for (const event of plan.primitives) {
    if (event.kind !== 'event' || event.set || !awaited.has(event.name)) continue;
    const { name } = event;
    yield { hint: `remove one of these waits, or let \`${name}\` be set from the beginning: \`events: { ${name}: { set: true } }\``, plan: { ...plan, primitives: plan.primitives.map((one) => (one === event ? { ...event, set: true } : one)) } };
  }
}
