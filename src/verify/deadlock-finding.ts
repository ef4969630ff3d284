import type { Diagnostic, RelatedPlace } from '../diagnostics/diagnostic.ts';
import { makesDoubtful } from './assumption.ts';
import type { Mend } from './mend/mend.ts';
import { makeDiagnostic } from '../diagnostics/make-diagnostic.ts';
import type { SourceRange } from '../diagnostics/source.ts';
import { nameAll, namedAtMost } from '../base/name-all.ts';
import type { Place } from '../base/place.ts';
import type { Plan } from '../plan/plan.ts';
import { type Judgement, toldOf } from './judge.ts';
import { waitsForSignal } from './returned-permits.ts';
import { slotsOf } from '../plan/slots-of.ts';
import { mayGiveBack } from './may-give-back.ts';
import { goingOn, type Held, type JudgedStep, type Keeper, type StuckActor, type ToldDeadlock } from './told-deadlock.ts';

/** What else is known of a deadlock. */
export interface KnownOfDeadlock {
  /** What would mend it; null where that is not known. */
  readonly mend?: Pick<Mend, 'hint'> | null;
  /** It comes to that in every run in which no command fails before. */
  readonly isCertain?: boolean;
}

/** MP901 of each deadlock, with the way to it step by step; none without one. `known`: of each of them. */
export function deadlockFindings(plan: Plan, judgement: Judgement, locate: (place: Place, part: 'key' | 'value') => SourceRange, known: readonly KnownOfDeadlock[] = []): readonly Diagnostic[] {
  const { verdict, early } = judgement;
  if (verdict.type !== 'counterexample') return [earlyFinding(early, locate)].flatMap((finding) => finding ?? []);
  return toldOf(verdict).map((told, index) => deadlockFinding(plan, judgement, told, locate, known[index]));
}

function deadlockFinding(plan: Plan, judgement: Judgement, told: ToldDeadlock, locate: (place: Place, part: 'key' | 'value') => SourceRange, { mend = null, isCertain = false }: KnownOfDeadlock = {}): Diagnostic {
  const { assumptions } = judgement;
  const { steps } = told;
  const stuck = ownSlotsLast(plan, told.stuck);
  const [first] = stuck;
  const way = sayWay(steps, locate);
  const hint = mend?.hint ?? null;
  if (first === undefined) {
    return makeDiagnostic('MP901', 'the run can come to where it can never end any more, though some of it goes on', { severity: 'warning', certainty: 'possible', range: way.at(-1)?.range ?? null, related: way });
  }
  const trap = trapFinding(plan, judgement, told, locate, hint);
  if (trap !== null) return trap;
  const givers = mayGiveBack(plan, told.keepers);
  const isAlways = isCertain && givers.length === 0;
  const isSure = !makesDoubtful(assumptions, told) && givers.length === 0 && !waitsForSignal(plan, stuck) && !stuck.some((one) => isUpToProgram(plan, one, stuck));
  const frequency = isSure ? {} : ({ severity: 'warning', certainty: 'possible' } as const);
  return makeDiagnostic('MP901', `${nameStuck(stuck)} ${isAlways ? '' : 'can '}come${isAlways && stuck.length === 1 ? 's' : ''} to wait for ever: ${sayWait(first)}`, {
    ...(isAlways ? { certainty: 'every run' } : frequency),
    range: locate(first.place, partOf(first.place)),
    related: [
      ...way,
      ...stuck.slice(1).map((one) => ({ message: sayWait(one), range: locate(one.place, partOf(one.place)) })),
      ...sayKeepers(told, locate),
    ],
    note: [sayUnlessEnded(judgement), sayGivers(givers), sayTakenToLast(plan, told), sayWhoElse(plan, told, [], judgement.unlessEndedBy)].flatMap((said) => said ?? []).join('; ') || null,
    hint,
  });
}

/** A pool that only waits for its own slots says nothing of why: they are told before it. */
function ownSlotsLast({ pools }: Plan, stuck: readonly StuckActor[]): readonly StuckActor[] {
  const slots = new Map(pools.map((pool) => [pool.name, new Set(slotsOf(pool))]));
  const waitsForSlots = ({ name, waitsFor }: StuckActor): boolean => waitsFor.length > 0 && waitsFor.every((what) => slots.get(name)?.has(what) === true);
  return [...stuck.filter((one) => !waitsForSlots(one)), ...stuck.filter(waitsForSlots)];
}

/** Of a run some of which goes on for ever, while others may wait for them before their start. */
function trapFinding(plan: Plan, judgement: Judgement, told: ToldDeadlock, locate: (place: Place, part: 'key' | 'value') => SourceRange, hint: string | null): Diagnostic | null {
  const { stuck, steps } = told;
  const [first, ...others] = goingOn(stuck);
  if (first === undefined) return null;
  const fillers = fillersOf(plan, stuck);
  const placeOf = ({ place }: StuckActor): SourceRange => locate(place, partOf(place));
  return makeDiagnostic('MP901', `${nameStuck([first, ...others])} can come to where nothing leads to ${others.length === 0 ? 'its' : 'their'} end, though some of the run goes on`, {
    severity: 'warning',
    certainty: 'possible',
    range: placeOf(first),
    related: [
      ...sayWay(steps, locate),
      ...others.map((one) => ({ message: `\`${one.name}\` never ends either`, range: placeOf(one) })),
      ...stuck.filter(({ waitsFor }) => waitsFor.length > 0).map((one) => ({ message: sayWait(one), range: placeOf(one) })),
      ...sayKeepers({ keepers: told.keepers.filter(({ name }) => stuck.every((one) => one.name !== name)) }, locate),
      ...fillers.map(({ who, name, place }) => ({ message: `\`${who}\` may put into \`${name}\` here, which has no end until then`, range: locate(place, 'value') })),
    ],
    note: sayGivenUp(judgement) ?? sayWhoElse(plan, told, fillers),
    hint: hint ?? sayFedByThem(plan, stuck),
  });
}

/** How a queue that its own consumers fill comes to its end; null where there is none. */
function sayFedByThem({ actors }: Plan, stuck: readonly StuckActor[]): string | null {
  const names = new Set(stuck.map(({ name }) => name));
  const does = (action: 'get' | 'put'): readonly Plan['actors'][number][] => actors.filter((actor) => actor.action === action && names.has(actor.who));
  const taken = new Map(does('get').map(({ name, who }) => [name, who]));
  const fed = does('put').find(({ name }) => taken.has(name));
  return fed === undefined ? null : `let \`${fed.who}\` put less into \`${fed.name}\` than is taken from it, which is at its end only once it is empty and nobody who may put into it goes on`;
}

/** Of a run that a failure, a signal, its timeout or a user stops in the middle, which not every run is. */
function earlyFinding(early: ToldDeadlock | undefined, locate: (place: Place, part: 'key' | 'value') => SourceRange): Diagnostic | null {
  const [first, ...others] = early?.stuck ?? [];
  if (early === undefined || first === undefined) return null;
  const { stuck, steps } = early;
  return makeDiagnostic('MP901', `${nameStuck(stuck)} can come to wait for ever in \`finally\` of a run that is stopped before its end: ${sayWait(first)}`, {
    severity: 'warning',
    certainty: 'possible',
    range: locate(first.place, partOf(first.place)),
    related: [...sayWay(steps, locate), ...others.map((one) => ({ message: sayWait(one), range: locate(one.place, partOf(one.place)) }))],
  });
}

/** Who else puts into what these take to its end. */
function fillersOf({ actors }: Plan, stuck: readonly StuckActor[]): readonly Plan['actors'][number][] {
  const names = new Set(stuck.map(({ name }) => name));
  const taken = new Set(actors.flatMap(({ action, who, name }) => (action === 'get' && names.has(who) ? [name] : [])));
  return actors.filter(({ action, who, name }) => action === 'put' && taken.has(name) && !names.has(who)).slice(0, namedAtMost);
}

/** Numbered, step by step; what somebody does again and again is told once, with how often. */
export function sayWay(steps: readonly JudgedStep[], locate: (place: Place, part: 'key' | 'value') => SourceRange): readonly RelatedPlace[] {
  const said: RelatedPlace[] = [];
  for (let index = 0; index < steps.length; ) {
    const step = steps[index];
    if (step === undefined) break;
    const { actor, what, place } = step;
    const other = steps.findIndex((one, at) => at > index && (one.actor !== actor || one.what !== what || one.place !== place));
    const end = other === -1 ? steps.length : other;
    const often = end - index;
    said.push({ message: `${index + 1}. ${often === 1 ? '' : `to ${end}. `}\`${actor}\` ${what}${often === 1 ? '' : `, ${often} times`}`, range: locate(place, partOf(place)) });
    index = end;
  }
  return said;
}

/** Of somebody as a whole his name. */
function partOf(place: Place): 'key' | 'value' {
  return place.length <= 2 ? 'key' : 'value';
}

/** What somebody who is stuck waits for, and who has it. */
export function sayWait({ name, waitsFor, heldBy }: StuckActor): string {
  return `\`${name}\` waits here for ${waitsFor.map((what) => `${quote(what)}${sayHolders(heldBy.find((held) => held.what === what))}`).join(', ')}`;
}

/** Who has that, and goes on with it. */
function sayKeepers({ keepers }: Pick<ToldDeadlock, 'keepers'>, locate: (place: Place, part: 'key' | 'value') => SourceRange): readonly RelatedPlace[] {
  return keepers.map(({ name, keeps, place }) => ({ message: `\`${name}\` goes on here for ever, and never gives ${nameAll(keeps)} back`, range: locate(place, partOf(place)) }));
}

function quote(what: string): string {
  const results = /^the results of (?<pool>.+)$/u.exec(what)?.groups?.['pool'];
  return results === undefined ? `\`${what}\`` : `the results of \`${results}\``;
}

function sayHolders(held: Held | undefined): string {
  if (held === undefined) return '';
  const { by, behind } = held;
  return `${by.length === 0 ? '' : `, held by ${nameAll(by)}`}${behind.length === 0 ? '' : `, in line behind ${nameAll(behind)}`}`;
}

/** What is restarted for ever, and would have to be given up; null where that is of no account. */
function sayGivenUp({ unlessGivenUp = [] }: Judgement): string | null {
  if (unlessGivenUp.length === 0) return null;
  const isOne = unlessGivenUp.length === 1;
  return `${nameAll(unlessGivenUp)} ${isOne ? 'is' : 'are'} restarted for ever: only once ${isOne ? 'it is' : 'they are'} given up, after \`max_restarts\`, does that end`;
}

/** Who may end the run; null where nobody does. */
function sayUnlessEnded({ unlessEndedBy = [] }: Judgement): string | null {
  if (unlessEndedBy.length === 0) return null;
  return `not known is whether ${nameAll(unlessEndedBy)} ${unlessEndedBy.length === 1 ? 'ends' : 'end'} the run before by \`shutdown\`: it is a deadlock as soon as they wait`;
}

/** Of whom a run does not know that they never give back what they hold; null without any. */
function sayGivers(givers: readonly Keeper[]): string | null {
  if (givers.length === 0) return null;
  const what = nameAll([...new Set(givers.flatMap(({ keeps }) => keeps))]);
  return `a command that ${nameAll(givers.map(({ name }) => name))} ${givers.length === 1 ? 'runs' : 'run'} meanwhile may release ${what}, as far as a run knows, which only waits`;
}

/** Of daemons that hold what is waited for that a run knows less of them; null without any. */
function sayTakenToLast({ instances }: Plan, { stuck }: ToldDeadlock): string | null {
  const holders = new Set(stuck.flatMap(({ heldBy }) => heldBy.flatMap(({ by }) => by)));
  const daemons = instances.flatMap(({ name, kind, body }) => (kind === 'daemon' && body.type === 'command' && holders.has(name) && stuck.every((one) => one.name !== name) ? [name] : []));
  if (daemons.length === 0) return null;
  const isOne = daemons.length === 1;
  return `${nameAll(daemons)} ${isOne ? 'is' : 'are'} taken to run until ${isOne ? 'it is' : 'they are'} stopped: a run, in which ${isOne ? 'its program' : 'their programs'} may end at any time, only waits`;
}

/** Of a deadlock of some those who wait for them and those who have no part in it, and whether there may be a shorter way; null where there is nothing to say. */
function sayWhoElse({ instances, pools }: Plan, { stuck, keepers, steps, behind, isShortest }: ToldDeadlock, fillers: readonly Plan['actors'][number][] = [], enders: readonly string[] = []): string | null {
  const involved = new Set([...stuck.map(({ name }) => name), ...steps.map(({ actor }) => actor), ...keepers.map(({ name }) => name), ...behind, ...fillers.map(({ who }) => who), ...enders]);
  const processes = new Map<string, boolean>();
  for (const { name, process } of instances) processes.set(process, processes.get(process) === true || involved.has(name));
  for (const pool of pools) processes.set(pool.name, involved.has(pool.name) || slotsOf(pool).some((slot) => involved.has(slot)));
  const others = [...processes].flatMap(([name, isInvolved]) => (isInvolved ? [] : [name]));
  const said = [
    ...(behind.length === 0 ? [] : [`${nameAll(behind)} may come to wait for them`]),
    ...(others.length === 0 ? [] : [`${nameAll(others)} ${others.length === 1 ? 'has' : 'have'} no part in it`]),
    ...(isShortest ? [] : ['this way to it is not proved to be the shortest']),
  ];
  return said.length === 0 ? null : said.join('; ');
}

/** Those who are stuck, in a sentence. */
export function nameStuck(stuck: readonly StuckActor[]): string {
  return nameAll(stuck.map(({ name }) => name));
}

/** A program decides by itself whether and when it does what it declares; what it is started with is mpctl's to do. */
export function isUpToProgram(plan: Plan, { name, isStarted, place }: StuckActor, stuck: readonly StuckActor[]): boolean {
  // A task waits for what it is to hold, or at a step, or in what its program may do.
  const pool = plan.pools.find((one) => slotsOf(one).includes(name));
  const work = pool ?? plan.instances.find((one) => one.name === name);
  if (work === undefined || (pool === undefined && !isStarted)) return false;
  if (place.includes('uses', 2)) return true;
  if (work.body.type !== 'steps') return pool === undefined;
  // What it runs among its steps may have done what the others wait for.
  return plan.actors.some(({ who, by, name: thing }) => who === work.name && by.type === 'uses' && stuck.some((one) => one.waitsFor.includes(thing)));
}
