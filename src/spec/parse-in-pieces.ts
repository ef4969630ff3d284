import { isAlias, isMap, isPair, isScalar, isSeq, parseDocument, YAMLMap, type Pair } from 'yaml';
import { readPlainLines } from './plain-lines.ts';

/** Shorter texts gain nothing; a piece of this length fits the part of the heap that is cheap to collect. */
const usualPieceLength = 32_768;

/** What the library is told for every text. */
export const parseOptions = { uniqueKeys: false, prettyErrors: false, version: '1.2' } as const;

/** A part of the text from one line start to another. */
interface Piece {
  readonly start: number;
  readonly end: number;
}

/**
 * Parses a long mapping piece by piece: the library keeps the tokens of a whole document until its end,
 * and most of its time for a long one goes into collecting them. A text is taken apart only at lines that
 * begin an entry of the top mapping, or of one of its sections, by their indentation. null where the text
 * is short, cannot be taken apart, or any piece is not flawless: then it is to be parsed as a whole, so
 * that findings are those of the whole text.
 */
export function parseInPieces(text: string, pieceLength: number = usualPieceLength): YAMLMap | null {
  if (text.length < 2 * pieceLength || /^(?:---|\.\.\.|[%?:\]})\t]|\uFEFF)/m.test(text)) return null;
  const root = new YAMLMap();
  root.range = [0, text.length, text.length];
  for (const { start, end } of entriesAt(text, { start: 0, end: text.length }, 0) ?? []) {
    const items = parseEntry(text, { start, end }, pieceLength);
    if (items === null) return null;
    root.items.push(...items);
  }
  return root.items.length === 0 ? null : root;
}

/** One entry of the top mapping; a long section without a value on its own line is taken apart further. */
function parseEntry(text: string, entry: Piece, pieceLength: number): readonly Pair[] | null {
  const headerEnd = text.indexOf('\n', entry.start) + 1;
  const isSection = headerEnd > 0 && headerEnd < entry.end && /^[A-Za-z_][\w-]*:[ \t]*(?:#.*)?\r?\n$/.test(text.slice(entry.start, headerEnd));
  if (!isSection || entry.end - entry.start < 2 * pieceLength) return parsePiece(text, entry);
  const body: Piece = { start: headerEnd, end: entry.end };
  const indent = firstIndent(text, body);
  const children = indent === 0 ? null : entriesAt(text, body, indent);
  if (children === null) return parsePiece(text, entry);
  const [section] = parsePiece(text, { start: entry.start, end: headerEnd }) ?? [];
  if (section === undefined) return null;
  const map = new YAMLMap();
  for (const piece of grouped(children, pieceLength)) {
    const items = parsePiece(text, piece);
    if (items === null) return null;
    for (const item of items) map.items.push(item);
  }
  map.range = [body.start + indent, body.end, body.end];
  section.value = map;
  return [section];
}

/** Spaces in front of the first line that is neither blank nor a comment; 0 where it is no key. */
function firstIndent(text: string, { start, end }: Piece): number {
  const line = /^(?<indent> +)[^\s#\-?:]/m.exec(text.slice(start, Math.min(end, start + usualPieceLength)));
  return line?.groups?.['indent']?.length ?? 0;
}

/** The entries of a mapping with so much indentation; null where a line stands further out. */
function entriesAt(text: string, { start, end }: Piece, indent: number): readonly Piece[] | null {
  const starts: number[] = [];
  let content = start;
  for (let line = start; line < end; line = nextLine(text, line, end)) {
    let column = 0;
    while (text[line + column] === ' ') column += 1;
    const first = text[line + column] ?? '\n';
    if (first === '\n' || first === '\r' || first === '#') continue;
    // A comment behind a key without a value moves the end of the entry, and where it ends is seen only in the whole.
    if (column <= indent && isComment(text, nextLine(text, content, end), line) && endsInColon(text, content, end)) return null;
    content = line;
    if (column > indent) continue;
    if (column < indent || first === '\t' || first === '?' || first === ':') return null;
    // A list may stand at the indentation of the key that it belongs to.
    if (first !== '-') starts.push(line);
  }
  const [first] = starts;
  if (first === undefined || /^[ \t]*[^\s#]/m.test(text.slice(start, first))) return null;
  return starts.map((from, index) => ({ start: from, end: starts[index + 1] ?? end }));
}

/** Whether there is a comment among the lines between two places. */
function isComment(text: string, start: number, end: number): boolean {
  return start < end && text.slice(start, end).includes('#');
}

/** Whether the line has a key and nothing behind it. */
function endsInColon(text: string, line: number, end: number): boolean {
  return /:[ \t]*(?:#.*)?\r?\n?$/.test(text.slice(line, nextLine(text, line, end)));
}

function nextLine(text: string, line: number, end: number): number {
  const feed = text.indexOf('\n', line);
  return feed === -1 ? end : feed + 1;
}

/** Neighbours together, so that no piece but the last is shorter than wanted. */
function grouped(entries: readonly Piece[], pieceLength: number): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const entry of entries) {
    const last = pieces.at(-1);
    if (last === undefined || last.end - last.start >= pieceLength) pieces.push(entry);
    else pieces[pieces.length - 1] = { start: last.start, end: entry.end };
  }
  return pieces;
}

/** The entries of one piece, with their places in the whole text; null where anything is wrong with it. */
function parsePiece(text: string, { start, end }: Piece): readonly Pair[] | null {
  const plain = readPlainLines(text, start, end);
  if (plain !== null) return plain.items;
  const { contents, errors, warnings } = parseDocument(text.slice(start, end), parseOptions);
  if (errors.length > 0 || warnings.length > 0 || !isMap(contents) || contents.flow === true) return null;
  for (const pair of contents.items) shift(pair, start);
  return contents.items;
}

function shift(part: unknown, offset: number): void {
  if (isPair(part)) {
    shift(part.key, offset);
    shift(part.value, offset);
    return;
  }
  if (!isScalar(part) && !isMap(part) && !isSeq(part) && !isAlias(part)) return;
  if (part.range) part.range = [part.range[0] + offset, part.range[1] + offset, part.range[2] + offset];
  if (isMap(part) || isSeq(part)) for (const item of part.items) shift(item, offset);
}
