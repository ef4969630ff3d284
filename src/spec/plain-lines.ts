import { isScalar, Pair, Scalar, Schema, YAMLMap, YAMLSeq, type ScalarTag } from 'yaml';

/** Where a node stands: the library's form, whose third number (the end with what trails it) nobody here reads. */
type Range = [start: number, valueEnd: number, nodeEnd: number];

/** A key in front of its colon, plain or in quotes that hide nothing. */
const key = /(?:[A-Za-z0-9_][\w./-]*|"[^"\\\p{Cc}]*"|'[^'\p{Cc}]*')(?=:[ \n])/uy;
const quoted = /"[^"\\\p{Cc}\u2028\u2029\uFEFF]*"|'[^'\p{Cc}\u2028\u2029\uFEFF]*'/uy;
/** Words that no rule of YAML reads as anything but text, number, boolean or null. */
const plain = /(?:[A-Za-z0-9_./$+=~^(]|-(?=[\w./-]))(?:[\w./$+=~^()<>|&*!?@%,;'"`[\]{}\\#-]+| +(?=[\w./$+=~^()<>|&*!?@%,;'"`[\]{}\\-])|:(?=[\w./-]))*/y;
const plainInFlow = /(?:[A-Za-z0-9_./$+=~^(]|-(?=[\w./-]))(?:[\w./$+=~^()<>|&*!@%;'\\-]+| +(?=[\w./$+=~^()<>|&*!@%;'\\-])|:(?=[\w/]))*/y;
const spaces = / */y;
const lineEnd = /(?: +(?:#[^\n]*)?)?(?:\n|$)/y;
/** A line that says nothing. */
const emptyLine = / *(?:#[^\n]*)?\n/y;
/** In a longer one a pattern above could need more stack than there is. */
const maxLineLength = 4000;
const neverNested = 60;
/** In place of a column: the reading ends here, and nothing is given. */
const tooLong = -2;
const quoteTypes = { '"': Scalar.QUOTE_DOUBLE, "'": Scalar.QUOTE_SINGLE } as const;

/** The rules by which the library reads a plain word, in its order. */
const plainRules: readonly ScalarTag[] = new Schema({ schema: 'core' }).tags.filter(
  (tag): tag is ScalarTag => tag.collection === undefined && tag.default === true && tag.test !== undefined,
);

/**
 * Reads the lines of a block mapping that are written plainly: `key: word`, `key: [a, "b"]`, nested keys and
 * lists by indentation, comments. Gives the very nodes of the library for them, many times faster, and null
 * as soon as anything else stands there (an anchor, an escape, a text over several lines, an error): the
 * library is the one that reads it then.
 */
export function readPlainLines(text: string, start: number, end: number): YAMLMap | null {
  return new PlainLines(text, end).read(start);
}

class PlainLines {
  readonly #text: string;
  readonly #end: number;
  /** Where the next thing to read stands, and in which column; behind the last line the column is -1. */
  #at = 0;
  #column = 0;
  /** Behind the last line that says something. */
  #lastLineEnd = 0;
  #depth = 0;

  constructor(text: string, end: number) {
    this.#text = text;
    this.#end = end;
  }

  read(start: number): YAMLMap | null {
    this.#toNextLine(start);
    const map = this.#column < 0 ? null : this.#readMap(this.#column);
    return map !== null && this.#column === -1 ? map : null;
  }

  #toNextLine(from: number): void {
    let line = from;
    for (emptyLine.lastIndex = line; emptyLine.test(this.#text); emptyLine.lastIndex = line) line = emptyLine.lastIndex;
    this.#at = line;
    this.#skipSpaces();
    const end = this.#text.indexOf('\n', line);
    if (this.#at >= this.#end) this.#column = -1;
    else if ((end === -1 ? this.#text.length : end) - line > maxLineLength) this.#column = tooLong;
    else this.#column = this.#at - line;
  }

  /** Over the end of a line to the next one; false where something stands there that was not understood. */
  #endLine(): boolean {
    lineEnd.lastIndex = this.#at;
    if (!lineEnd.test(this.#text)) return false;
    this.#lastLineEnd = lineEnd.lastIndex;
    this.#toNextLine(this.#lastLineEnd);
    return true;
  }

  #readMap(column: number): YAMLMap | null {
    const map = new YAMLMap<Scalar, Scalar | YAMLMap | YAMLSeq>();
    const start = this.#at;
    while (this.#column === column) {
      const name = this.#readKey();
      if (name === null) return null;
      const value = this.#text[this.#at] === '\n' ? this.#readBelow(column) : this.#readBeside(column);
      if (value === null) return null;
      map.items.push(new Pair(name, value));
    }
    if (this.#column > column || map.items.length === 0) return null;
    map.range = [start, this.#lastLineEnd, this.#lastLineEnd];
    return map;
  }

  #readKey(): Scalar | null {
    const start = this.#at;
    key.lastIndex = start;
    if (!key.test(this.#text) || key.lastIndex - start > 1000) return null;
    this.#at = key.lastIndex + 1;
    return this.#scalar(start, key.lastIndex);
  }

  /** The value on the lines under its key; a list may stand in the key's own column. */
  #readBelow(column: number): YAMLMap | YAMLSeq | null {
    this.#endLine();
    if (this.#column < column || this.#depth > neverNested) return null;
    const isList = this.#isItem();
    if (this.#column === column && !isList) return null;
    this.#depth += 1;
    const block = isList ? this.#readList(this.#column) : this.#readMap(this.#column);
    this.#depth -= 1;
    return block;
  }

  /** The value on the line of its key or '-', which ends there. */
  #readBeside(column: number): Scalar | YAMLMap | YAMLSeq | null {
    this.#skipSpaces();
    const value = this.#readFlow(plain);
    if (value === null || !this.#endLine() || this.#column > column) return null;
    return value;
  }

  #isItem(): boolean {
    return this.#text[this.#at] === '-' && this.#text[this.#at + 1] === ' ';
  }

  #readList(column: number): YAMLSeq | null {
    const list = new YAMLSeq<Scalar | YAMLMap | YAMLSeq>();
    const start = this.#at;
    while (this.#column === column && this.#isItem()) {
      const item = this.#readItem(column);
      if (item === null) return null;
      list.items.push(item);
    }
    if (this.#column > column) return null;
    list.range = [start, this.#lastLineEnd, this.#lastLineEnd];
    return list;
  }

  #readItem(column: number): Scalar | YAMLMap | YAMLSeq | null {
    const dashAt = this.#at;
    this.#at += 1;
    this.#skipSpaces();
    key.lastIndex = this.#at;
    if (!key.test(this.#text)) return this.#readBeside(column);
    if (this.#depth > neverNested) return null;
    this.#column += this.#at - dashAt;
    this.#depth += 1;
    const map = this.#readMap(this.#column);
    this.#depth -= 1;
    return map;
  }

  /** A word, or a list or mapping in brackets that ends on its line. */
  #readFlow(word: RegExp): Scalar | YAMLMap | YAMLSeq | null {
    const start = this.#at;
    const first = this.#text[start];
    if (first === '[') return this.#nested(() => this.#readFlowList());
    if (first === '{') return this.#nested(() => this.#readFlowMap());
    const pattern = first === '"' || first === "'" ? quoted : word;
    pattern.lastIndex = start;
    if (!pattern.test(this.#text)) return null;
    this.#at = pattern.lastIndex;
    return this.#scalar(start, this.#at);
  }

  #nested<T>(read: () => T | null): T | null {
    if (this.#depth > neverNested) return null;
    this.#depth += 1;
    const node = read();
    this.#depth -= 1;
    return node;
  }

  #readFlowList(): YAMLSeq | null {
    const list = new YAMLSeq<Scalar | YAMLMap | YAMLSeq>();
    list.flow = true;
    const start = this.#at;
    const end = this.#readItems(']', () => {
      const item = this.#readFlow(plainInFlow);
      if (item !== null) list.items.push(item);
      return item !== null;
    });
    if (end === null) return null;
    list.range = [start, end, end];
    return list;
  }

  #readFlowMap(): YAMLMap | null {
    const map = new YAMLMap<Scalar, Scalar | YAMLMap | YAMLSeq>();
    map.flow = true;
    const start = this.#at;
    const end = this.#readItems('}', () => {
      const name = this.#readKey();
      if (name === null) return false;
      this.#skipSpaces();
      const value = this.#readFlow(plainInFlow);
      if (value !== null) map.items.push(new Pair(name, value));
      return value !== null;
    });
    if (end === null) return null;
    map.range = [start, end, end];
    return map;
  }

  /** What stands between brackets, with a ',' between one and the next; the place behind the closing one. */
  #readItems(close: string, readItem: () => boolean): number | null {
    this.#at += 1;
    this.#skipSpaces();
    if (this.#text[this.#at] !== close) {
      for (;;) {
        if (!readItem()) return null;
        this.#skipSpaces();
        const separator = this.#text[this.#at];
        if (separator === close) break;
        if (separator !== ',') return null;
        this.#at += 1;
        this.#skipSpaces();
      }
    }
    this.#at += 1;
    return this.#at;
  }

  #skipSpaces(): void {
    spaces.lastIndex = this.#at;
    spaces.test(this.#text);
    this.#at = spaces.lastIndex;
  }

  #scalar(start: number, end: number): Scalar {
    const first = this.#text[start];
    const isQuoted = first === '"' || first === "'";
    const source = isQuoted ? this.#text.slice(start + 1, end - 1) : this.#text.slice(start, end);
    const scalar = new Scalar<unknown>(isQuoted ? source : meaningOf(source));
    const range: Range = [start, end, end];
    scalar.range = range;
    scalar.source = source;
    scalar.type = isQuoted ? quoteTypes[first] : Scalar.PLAIN;
    return scalar;
  }
}

/** What a plain word means: itself for nearly all, else what the library's rules make of it. */
function meaningOf(source: string): unknown {
  if (/^[A-Za-z_/$(^=]/.test(source) && !/^(?:true|false|null)$/i.test(source)) return source;
  const rule = plainRules.find(({ test }) => test?.test(source) === true);
  if (rule?.resolve === undefined) return source;
  const meaning = rule.resolve(source, () => {}, {});
  return isScalar(meaning) ? meaning.value : meaning;
}
