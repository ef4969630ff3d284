import { escapeHtml } from './escape-html.ts';

/** One row of a diagram. */
export interface DiagramRow {
  readonly from: string;
  /** What is acted on; empty where it is nobody else's. */
  readonly to: readonly string[];
  readonly text: string;
  /** It never comes. */
  readonly isWait: boolean;
}

/** Who and what stands beside each other, and what goes between them from top to bottom. */
export interface Diagram {
  /** For whoever cannot see it. */
  readonly title: string;
  readonly actors: readonly string[];
  readonly things: readonly string[];
  readonly rows: readonly DiagramRow[];
}

// In pixels.
const leastColumnWidth = 130;
const characterWidth = 7.5;
const headHeight = 46;
const rowHeight = 40;
const headPadding = 22;
const arrowHead = 8;
const textGap = 7;
const margin = 12;

/** Draws lifelines and arrows as an SVG; its colours are those of the page around it. */
export function renderSequenceDiagram({ title, actors, things, rows }: Diagram): string {
  const names = [...actors, ...things];
  const longest = Math.max(...names.map((name) => name.length), ...rows.map(({ text }) => text.length));
  const columnWidth = Math.max(leastColumnWidth, Math.round(longest * characterWidth) + headPadding);
  const centres = new Map(names.map((name, index) => [name, margin + columnWidth * (index + 0.5)]));
  const width = 2 * margin + columnWidth * names.length;
  const height = headHeight + rowHeight * (rows.length + 0.5) + margin;
  const lines = [
    `<svg role="img" viewBox="0 0 ${String(width)} ${String(height)}" width="${String(width)}" height="${String(height)}">`,
    `<title>${escapeHtml(title)}</title>`,
    ...names.flatMap((name, index) => lifeline(name, index < actors.length, centres.get(name) ?? 0, columnWidth - headPadding, height - margin)),
    ...rows.flatMap((row, index) => arrows(row, centres, headHeight + rowHeight * (index + 0.75))),
    '</svg>',
  ];
  return lines.join('\n');
}

function lifeline(name: string, isActor: boolean, x: number, width: number, bottom: number): readonly string[] {
  const kind = isActor ? 'actor' : 'thing';
  return [
    `<line class="life" x1="${String(x)}" y1="${String(headHeight - margin)}" x2="${String(x)}" y2="${String(bottom)}"/>`,
    `<rect class="${kind}" x="${String(x - width / 2)}" y="4" width="${String(width)}" height="${String(headHeight - 2 * margin + 4)}" rx="${isActor ? '4' : '12'}"/>`,
    `<text class="head" x="${String(x)}" y="${String((headHeight - margin) / 2 + 4)}">${escapeHtml(name)}</text>`,
  ];
}

function arrows({ from, to, text, isWait }: DiagramRow, centres: ReadonlyMap<string, number>, y: number): readonly string[] {
  const start = centres.get(from) ?? 0;
  const kind = isWait ? 'wait' : 'step';
  const ends = to.flatMap((name) => {
    const x = centres.get(name);
    return x === undefined || x === start ? [] : [x];
  });
  const dot = `<circle class="${kind}" cx="${String(start)}" cy="${String(y)}" r="4"/>`;
  const [first] = ends;
  if (first === undefined) return [dot, `<text class="${kind} beside" x="${String(start + 2 * textGap)}" y="${String(y + 4)}">${escapeHtml(text)}</text>`];
  return [dot, ...ends.map((x) => arrow(kind, start, x, y)), `<text class="${kind}" x="${String((start + first) / 2)}" y="${String(y - textGap)}">${escapeHtml(text)}</text>`];
}

function arrow(kind: string, start: number, end: number, y: number): string {
  const back = end > start ? -arrowHead : arrowHead;
  const head = `M ${String(end + back)} ${String(y - arrowHead / 2)} L ${String(end)} ${String(y)} L ${String(end + back)} ${String(y + arrowHead / 2)}`;
  return `<path class="${kind}" d="M ${String(start)} ${String(y)} L ${String(end)} ${String(y)} ${head}"/>`;
}
