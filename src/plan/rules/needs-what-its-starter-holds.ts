import type { Place } from '../../base/place.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Actor, InstancePlan, PoolPlan } from '../plan.ts';
import { heldByAllWhoWait, type HeldTogether } from './held-by-all-who-wait.ts';
import { permitsOfAll } from './permits-of-all.ts';
import type { RuleInput } from './rule.ts';

/**
 * MP304: a program holds something from its start to its exit, and may submit tasks, or start a process, that need the same before they
 * begin: they begin when it has ended, and a program that waits for them waits for ever. What steps do the search knows.
 */
export function needsWhatItsStarterHolds(input: RuleInput): readonly Diagnostic[] {
  return input.gaps.isEmpty ? [...neededByOne(input), ...heldByAllWhoWait(input).map((together) => reportAll(input, together))] : [];
}

function neededByOne(input: RuleInput): readonly Diagnostic[] {
  const works = new Map([...input.works].map((work) => [work.name, work]));
  const deeds = input.plan.actors.filter(({ action, by, who }) => by.type === 'uses' && (action === 'submit' || action === 'start') && (works.get(who)?.holds.length ?? 0) > 0);
  if (deeds.length === 0) return [];
  const permits = permitsOfAll(input);
  const told = new Set<string>();
  return deeds.flatMap((deed) => {
    const holder = works.get(deed.who);
    const other = input.instances.get(deed.name) ?? input.plan.pools.find(({ name }) => name === deed.name);
    const short = holder === undefined || other === undefined ? undefined : tooLittleOf(permits, holder, other);
    if (holder === undefined || other === undefined || short === undefined) return [];
    const [owner, needy] = [nameOf(holder), nameOf(other)];
    if (told.has(`${owner} ${needy}`)) return [];
    told.add(`${owner} ${needy}`);
    return [report(input, { deed, owner, needy, short, holds: [...holder.place, 'with'], needs: [...other.place, 'with'] })];
  });
}

/** What is not left in the quantity that the other one needs while the holder has its own. */
function tooLittleOf(permits: ReadonlyMap<string, number>, holder: InstancePlan | PoolPlan, other: InstancePlan | PoolPlan): string | undefined {
  return holder.holds.find(({ name, permits: held }) => {
    const total = permits.get(name);
    const needed = other.holds.find((demand) => demand.name === name)?.permits ?? 0;
    // A demand that can never be met is another check's.
    return total !== undefined && needed > 0 && held <= total && needed <= total && held + needed > total;
  })?.name;
}

interface Finding {
  readonly deed: Actor;
  readonly owner: string;
  readonly needy: string;
  /** What there is not enough of. */
  readonly short: string;
  readonly holds: Place;
  readonly needs: Place;
}

function report(input: RuleInput, { deed, owner, needy, short, holds, needs }: Finding): Diagnostic {
  const isTask = deed.action === 'submit';
  const what = isTask ? `the tasks that it submits to \`${needy}\` need` : `\`${needy}\`, which it may start, needs`;
  const isSame = owner === needy;
  return makeDiagnostic('MP304', `\`${owner}\` holds \`${short}\` until it ends, and ${what} it too: a program that waits for ${isTask ? 'their results' : `\`${needy}\``} waits for ever`, {
    range: input.locate(deed.place, 'value'),
    related: [{ message: 'held from start to exit here', range: input.locate(holds, 'value') }, ...(isSame ? [] : [{ message: 'needed before the start here', range: input.locate(needs, 'value') }])],
    hint: `let the program take \`${short}\` only around what needs it (\`mpctl lock run ${short} -- …\`), or do not wait there`,
  });
}

function reportAll({ locate }: RuleInput, { name, first, others }: HeldTogether): Diagnostic {
  const all = [first, ...others];
  const who = listed(all.map(({ work }) => nameOf(work)));
  return makeDiagnostic('MP304', `all of \`${name}\` may be held by programs that wait for the results of tasks that need it too: of ${who}, which hold it until they end and submit to ${listed(all.map(({ pool }) => pool))}`, {
    range: locate(first.deed.place, 'value'),
    related: others.map(({ work, pool, deed }) => ({ message: `\`${nameOf(work)}\` submits to \`${pool}\` here`, range: locate(deed.place, 'value') })).slice(0, 5),
    hint: `let the programs take \`${name}\` only around what needs it (\`mpctl semaphore run ${name} -- …\`), or do not wait there`,
  });
}

function listed(names: readonly string[]): string {
  return [...new Set(names)].map((name) => `\`${name}\``).join(', ');
}

function nameOf(work: InstancePlan | PoolPlan): string {
  return 'process' in work ? work.process : work.name;
}
