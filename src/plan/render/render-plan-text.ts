import { describeDemand } from './describe-demand.ts';
import { describeDuration } from './describe-duration.ts';
import { visibleText } from '../../diagnostics/display-width.ts';
import type { Plan } from '../plan.ts';
import { planView } from './plan-view.ts';
import type { PlanView, WorkView } from './plan-view.ts';
import type { SharedThing } from './shared-things.ts';
import { wrapText } from './wrap-text.ts';

/** Names longer than this push what follows to the right instead of widening the column. */
const widestName = 28;

/** The plan for people: start order, stop order, and what is shared by whom. Lines are at most `width` wide where words allow. */
export function renderPlanText(plan: Plan, width = 100): string {
  const view = planView(plan);
  const blocks = [
    heading(view, width),
    waves('start order', view.start, width),
    waves('finally, when everything else has ended', view.finally, width),
    stopping(view, width),
    sharing(view.shared, width),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map(visibleText).join('\n'))
    .join('\n\n')}\n`;
}

function heading(view: PlanView, width: number): readonly string[] {
  const works = [...view.start, ...view.finally].flat();
  const count = (kind: WorkView['kind'], one: string, many: string): string[] => {
    const ofKind = works.filter((work) => work.kind === kind);
    const total = new Set(ofKind.map(({ process }) => process)).size;
    const instances = ofKind.reduce((sum, work) => sum + work.instances.length, 0);
    const copies = instances === total ? '' : ` (${instances} instances)`;
    return total === 0 ? [] : [`${total} ${total === 1 ? one : many}${copies}`];
  };
  const counts = [
    ...count('process', 'process', 'processes'),
    ...count('daemon', 'daemon', 'daemons'),
    ...count('pool', 'pool', 'pools'),
    ...count('finally', 'finally process', 'finally processes'),
  ];
  const limits = [
    ...(view.maxParallel === null ? [] : [`at most ${view.maxParallel} commands at once`]),
    ...(view.timeoutMs === null ? [] : [`at most ${describeDuration(view.timeoutMs)}`]),
    view.onFailure === 'stop'
      ? 'the first failure stops the run'
      : 'a failure skips only what depended on it',
  ];
  return [
    `${view.name} (${view.spec})`,
    ...(view.description === null ? [] : wrapText(view.description, width)),
    ...wrapText([...counts, ...limits].join(', '), width),
  ];
}

function waves(title: string, list: PlanView['start'], width: number): readonly string[] {
  if (list.length === 0) return [];
  const labels = list.flat().map((work) => work.label.length);
  const column = Math.min(
    widestName,
    labels.reduce((left, right) => Math.max(left, right), 0),
  );
  const number = String(list.length).length;
  const indent = 2 + number + 2 + column + 2;
  const lines = list.flatMap((works, index) =>
    works.flatMap((work, position) => {
      const wave = (position === 0 ? String(index + 1) : '').padStart(number);
      const [first = '', ...rest] = workLines(work).flatMap((line) =>
        wrapText(line, width - indent),
      );
      const margin = ' '.repeat(indent);
      return [
        `  ${wave}  ${work.label.padEnd(column)}  ${first}`.trimEnd(),
        ...rest.map((line) => `${margin}${line}`),
      ];
    }),
  );
  return [title, ...lines];
}

function workLines(work: WorkView): readonly string[] {
  const kinds: Readonly<Record<WorkView['kind'], string>> = {
    process: '',
    finally: '',
    daemon: 'daemon: ',
    pool: `pool of ${work.workers ?? 0}: `,
  };
  return [
    `${kinds[work.kind]}${shortened(work.runs)}`,
    ...(work.autostart ? [] : ['only when it is started by a step, a program or a user']),
    ...titled(
      'after',
      work.dependsOn.map(
        ({ name, moment, timeoutMs }) => `${name} (${moment}${within(timeoutMs)})`,
      ),
    ),
    ...titled(
      'waits for',
      work.waitFor.map(({ name, kind, timeoutMs }) => `${kind} ${name}${within(timeoutMs)}`),
    ),
    ...titled('holds', work.holds.map(describeDemand)),
    ...titled(
      'sets',
      work.sets.map(({ moment, events }) => `${events.join(', ')} at ${moment}`),
    ),
  ];
}

function within(timeoutMs: number | null): string {
  return timeoutMs === null ? '' : ` within ${describeDuration(timeoutMs)}`;
}

function titled(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [`${title} ${items.join(', ')}`];
}

/** A long list of steps says enough with its beginning. */
function shortened(text: string): string {
  const longest = 120;
  return text.length <= longest ? text : `${text.slice(0, longest - 1).trimEnd()}…`;
}

function stopping(view: PlanView, width: number): readonly string[] {
  if (view.stop.length < 2) return [];
  const order = view.stop.map((names) => names.join(', ')).join(' → ');
  return [
    'stop order, of what still runs',
    ...wrapText(order, width - 2).map((line) => `  ${line}`),
  ];
}

function sharing(shared: readonly SharedThing[], width: number): readonly string[] {
  if (shared.length === 0) return [];
  const kind = shared.reduce((widest, thing) => Math.max(widest, thing.kind.length), 0);
  const name = Math.min(
    widestName,
    shared.reduce((widest, thing) => Math.max(widest, thing.name.length), 0),
  );
  const indent = 2 + kind + 2 + name + 2;
  const lines = shared.flatMap((thing) => {
    const users = thing.users.map(({ who, does }) => `${who} ${does.join(' and ')}`).join(', ');
    const facts = [thing.details, users === '' ? 'nothing in the spec uses it' : users]
      .filter((text) => text !== '')
      .join(': ');
    const [first = '', ...rest] = wrapText(facts, width - indent);
    const head = `  ${thing.kind.padEnd(kind)}  ${thing.name.padEnd(name)}  ${first}`;
    return [head.trimEnd(), ...rest.map((line) => `${' '.repeat(indent)}${line}`)];
  });
  return ['shared', ...lines];
}
