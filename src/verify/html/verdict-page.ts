import type { Place } from '../../base/place.ts';
import { describeJudgement } from '../describe-judgement.ts';
import { type Judgement, toldOf } from '../judge.ts';
import { goingOn, type StuckActor, type ToldDeadlock } from '../told-deadlock.ts';
import { escapeHtml } from './escape-html.ts';
import { type DiagramRow, renderSequenceDiagram } from './sequence-diagram.ts';

/** One spec of a page. */
export interface JudgedSpec {
  /** As the user named it. */
  readonly name: string;
  /** null of one that is not valid. */
  readonly judgement: Judgement | null;
  /** Where something is written, `FILE:LINE`. */
  readonly lineOf: (place: Place) => string | null;
}

const style = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1f24; --quiet: #59636e; --rule: #d1d9e0; --actor: #ddf4ff; --thing: #f6f8fa; --wait: #c4162a; }
@media (prefers-color-scheme: dark) { :root { --paper: #0d1117; --ink: #e6edf3; --quiet: #9198a1; --rule: #3d444d; --actor: #12325a; --thing: #1c2128; --wait: #ff7b72; } }
body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.3rem; } h2 { font-size: 1.1rem; margin-top: 2.5rem; }
figure { margin: 1rem 0; overflow-x: auto; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .2rem 1rem .2rem 0; border-bottom: 1px solid var(--rule); }
code, svg text { font-family: ui-monospace, monospace; font-size: 12px; }
svg text { fill: var(--ink); text-anchor: middle; } svg text.beside { text-anchor: start; } svg text.wait { fill: var(--wait); }
svg .life { stroke: var(--rule); stroke-dasharray: 4 4; } svg .actor { fill: var(--actor); stroke: var(--rule); } svg .thing { fill: var(--thing); stroke: var(--rule); }
svg path { fill: none; stroke: var(--quiet); stroke-width: 1.5; } svg path.wait { stroke: var(--wait); stroke-dasharray: 6 4; }
svg circle { fill: var(--quiet); } svg circle.wait { fill: var(--wait); }
.wait { color: var(--wait); } .quiet { color: var(--quiet); }
`;

/**
 * A page on the verdicts about some specs, with the way to each deadlock as a sequence diagram and as a table. It is whole in
 * itself: no script, nothing from elsewhere.
 */
export function renderVerdictPage(specs: readonly JudgedSpec[]): string {
  const title = `mpctl check: ${specs.map(({ name }) => name).join(', ')}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${specs.map(renderSpec).join('\n')}
</body>
</html>
`;
}

function renderSpec({ name, judgement, lineOf }: JudgedSpec): string {
  const heading = `<h2>${escapeHtml(name)}</h2>`;
  if (judgement === null) return `${heading}\n<p>It is not valid, and was not looked at for a deadlock.</p>`;
  const { verdict } = judgement;
  if (verdict.type === 'counterexample') return `${heading}\n${toldOf(verdict).map((told) => renderDeadlock(told, verdict.states, lineOf)).join('\n')}`;
  const [sentence = '', ...provisos] = describeJudgement(judgement).trimEnd().split('\n');
  const list = provisos.length === 0 ? '' : `\n<ul>\n${provisos.map((proviso) => `<li>${escapeHtml(proviso.trim())}</li>`).join('\n')}\n</ul>`;
  return `${heading}\n<p>${escapeHtml(capital(sentence))}.</p>${list}`;
}

function renderDeadlock({ steps, stuck, keepers, schedule, isShortest }: ToldDeadlock, states: number, lineOf: JudgedSpec['lineOf']): string {
  const actors = [...new Set([...stuck.map(({ name }) => name), ...keepers.map(({ name }) => name), ...steps.map(({ actor }) => actor)])];
  const rows: readonly DiagramRow[] = [
    ...steps.map(({ actor, what, things }, index): DiagramRow => ({ from: actor, to: things, text: `${String(index + 1)}. ${wordsOf(what, things)}`, isWait: false })),
    ...stuck.map(({ name, waitsFor }): DiagramRow => ({ from: name, to: waitsFor, text: waitsFor.length === 0 ? 'never ends' : 'waits', isWait: true })),
    ...keepers.map(({ name, keeps }): DiagramRow => ({ from: name, to: keeps, text: 'keeps', isWait: false })),
  ];
  const things = [...new Set(rows.flatMap(({ to }) => to))].filter((thing) => !actors.includes(thing));
  const title = titleOf(stuck);
  const table = [
    ...steps.map(({ actor, what, place }, index) => row(String(index + 1), actor, what, lineOf(place), '')),
    ...stuck.map((one) => row('', one.name, stateOf(one), lineOf(one.place), ' class="wait"')),
    ...keepers.map(({ name, keeps, place }) => row('', name, `goes on for ever, and never gives ${keeps.join(', ')} back`, lineOf(place), '')),
  ];
  const others = new Set(schedule.operations.map(({ instance }) => instance).filter((instance) => !actors.includes(instance)));
  return `<p>${escapeHtml(title)}:</p>
<figure>
${renderSequenceDiagram({ title, actors, things, rows })}
</figure>
<table>
<thead><tr><th>step</th><th>who</th><th>does</th><th>where</th></tr></thead>
<tbody>
${table.join('\n')}
</tbody>
</table>
<p class="quiet">${others.size === 0 ? 'Nobody else has a part in it' : `Not a part of it: ${escapeHtml([...others].join(', '))}`}. ${String(states)} states were looked at.${isShortest ? '' : ' This way to it is not proved to be the shortest.'}${endOf(stuck)}</p>`;
}

function titleOf(stuck: readonly StuckActor[]): string {
  const endless = goingOn(stuck);
  const names = (endless.length === 0 ? stuck : endless).map(({ name }) => name).join(', ');
  if (stuck.length === 0) return 'How the run comes to where it can never end';
  return endless.length === 0 ? `How ${names} come to wait for ever` : `How ${names} come to where nothing leads to their end`;
}

/** What becomes of somebody in the end. */
function stateOf(one: StuckActor): string {
  return one.waitsFor.length === 0 ? 'goes on, and never ends' : `waits for ${one.waitsFor.map((what) => `${what}${heldBy(one, what)}`).join(', ')}`;
}

function heldBy({ heldBy: held }: StuckActor, what: string): string {
  const { by, behind } = held.find((one) => one.what === what) ?? { by: [], behind: [] };
  return `${by.length === 0 ? '' : `, held by ${by.join(', ')}`}${behind.length === 0 ? '' : `, in line behind ${behind.join(', ')}`}`;
}

/** The words without the names to which the arrow points. */
function wordsOf(what: string, things: readonly string[]): string {
  const names = things.join(', ');
  return names !== '' && what.endsWith(` ${names}`) ? what.slice(0, -names.length - 1) : what;
}

function row(number: string, who: string, what: string, where: string | null, mark: string): string {
  return `<tr${mark}><td>${number}</td><td>${escapeHtml(who)}</td><td>${escapeHtml(what)}</td><td><code>${escapeHtml(where ?? '')}</code></td></tr>`;
}

function endOf(stuck: readonly StuckActor[]): string {
  if (stuck.length === 0) return '';
  return goingOn(stuck).length === 0 ? ' What is red never comes: the run ends there, with exit code 5.' : ' What is red never comes, and the run goes on until it is stopped.';
}

function capital(sentence: string): string {
  return `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}`;
}
