/*
 * The replacement strings of GNU parallel: `{}` and what it makes of the item. Items are binary strings, a
 * character a byte, so that what is no UTF-8 comes through as it is.
 */
import { shellQuote } from './shell-quote.ts';

/** What a replacement string makes of an item. */
type Transform = 'whole' | 'withoutExtension' | 'baseName' | 'folder' | 'baseNameWithoutExtension';

/** A piece of a template. */
type Part =
  | { readonly type: 'text'; readonly text: string }
  /** `source`: of which `:::` it is the item, from 1, counted from the last where it is negative; null for all of them. */
  | { readonly type: 'item'; readonly transform: Transform; readonly source: number | null }
  | { readonly type: 'number' }
  | { readonly type: 'slot' };

/** A text with replacement strings, taken apart. */
export type Template = readonly Part[];

/** What a job puts into a template. */
export interface JobValues {
  /** One item of each source. */
  readonly items: readonly string[];
  /** From 1. */
  readonly seq: number;
  /** From 1. */
  readonly slot: number;
}

const transforms: Readonly<Record<string, Transform>> = {
  '': 'whole',
  '.': 'withoutExtension',
  '/': 'baseName',
  '//': 'folder',
  '/.': 'baseNameWithoutExtension',
};

const pattern = /\{(?:(?<source>-?[1-9]\d*)?(?<transform>\/\/|\/\.|\/|\.)?|(?<own>[#%]))\}/g;

/** Takes a text apart; what is no replacement string stays text. */
export function parseTemplate(text: string): Template {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) parts.push({ type: 'text', text: text.slice(end, match.index) });
    end = match.index + match[0].length;
    const { source, transform = '', own } = match.groups ?? {};
    if (own === undefined) {
      parts.push({ type: 'item', transform: transforms[transform] ?? 'whole', source: source === undefined ? null : Number(source) });
    } else {
      parts.push({ type: own === '#' ? 'number' : 'slot' });
    }
  }
  if (end < text.length) parts.push({ type: 'text', text: text.slice(end) });
  return parts;
}

/** Whether anything in it is replaced. */
export function hasReplacement(template: Template): boolean {
  return template.some(({ type }) => type !== 'text');
}

/**
 * The text with the items of a job in it. `quoting` is for a shell line: `items` quotes what comes from
 * items, `all` the text of the template as well.
 */
export function fillTemplate(template: Template, values: JobValues, quoting: 'none' | 'items' | 'all'): string {
  let text = '';
  for (const part of template) text += fillPart(part, values, quoting);
  return text;
}

function fillPart(part: Part, { items, seq, slot }: JobValues, quoting: 'none' | 'items' | 'all'): string {
  switch (part.type) {
    case 'text':
      return quoting === 'all' ? shellQuote(part.text) : part.text;
    case 'number':
      return String(seq);
    case 'slot':
      return String(slot);
    case 'item':
      return fillItems(itemsOf(items, part.source), part.transform, quoting !== 'none');
  }
}

function fillItems(items: readonly string[], transform: Transform, isQuoted: boolean): string {
  let text = '';
  let separator = '';
  for (const item of items) {
    const filled = transformed(item, transform);
    text += separator + (isQuoted ? shellQuote(filled) : filled);
    separator = ' ';
  }
  return text;
}

function itemsOf(items: readonly string[], source: number | null): readonly string[] {
  if (source === null) return items;
  const item = source > 0 ? items[source - 1] : items.at(source);
  return item === undefined ? [] : [item];
}

function transformed(item: string, transform: Transform): string {
  switch (transform) {
    case 'whole':
      return item;
    case 'withoutExtension':
      return withoutExtension(item);
    case 'baseName':
      return baseName(item);
    case 'folder':
      return folderOf(item);
    case 'baseNameWithoutExtension':
      return withoutExtension(baseName(item));
  }
}

function withoutExtension(item: string): string {
  return item.replace(/\.[^/.]*$/, '');
}

function baseName(item: string): string {
  return item.slice(item.lastIndexOf('/') + 1);
}

/** As dirname(1). */
function folderOf(item: string): string {
  const name = item.replace(/\/+$/, '');
  if (name === '') return item === '' ? '.' : '/';
  const slash = name.lastIndexOf('/');
  if (slash < 0) return '.';
  const folder = name.slice(0, slash).replace(/\/+$/, '');
  return folder === '' ? '/' : folder;
}
