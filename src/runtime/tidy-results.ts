import { closeSync, fchmodSync, fsyncSync, openSync, readSync, realpathSync, renameSync, rmSync, statSync, writeSync, type Stats } from 'node:fs';
import type { Json } from '../base/json.ts';
import { parseJson } from '../base/parse-json.ts';
import { isRecord } from '../base/json-type.ts';
import { type LinePlace, linesOfFile } from './lines-of-file.ts';

const pieceBytes = 1024 * 1024;

/** What a file of results is to hold. */
export interface TidyOptions {
  /** Whether the last record of this task stays; the ones before it never do. */
  readonly keeps: (task: number, item: Json) => boolean;
  /** Gives lines with their newlines, by their tasks, for those of which there is no record that stays: each is asked for when it is written. */
  readonly extra: ReadonlyMap<number, () => string>;
  /** In the order of the tasks; otherwise as they stand, and the extra ones behind them. */
  readonly byTask: boolean;
}

/** A line of the file, or one that is added. */
interface RecordLine extends LinePlace {
  readonly task: number;
  readonly extra: (() => string) | null;
}

/**
 * Makes a file of results one record a task, in one step: whoever reads it meanwhile, or after a crash, has it
 * as it was or as it is to be. Gives the tasks that have a record. What is no regular file stays as it is: null.
 *
 * @throws the error of the system
 */
export function tidyResults(named: string, options: TidyOptions): ReadonlySet<number> | null {
  const found = statSync(named, { throwIfNoEntry: false });
  if (found === undefined) return tidyFile(named, null, options);
  return found.isFile() ? tidyFile(realpathSync(named), found, options) : null;
}

function tidyFile(path: string, found: Stats | null, { keeps, extra, byTask }: TidyOptions): ReadonlySet<number> {
  const last = new Map<number, RecordLine>();
  let lines = 0;
  if (found !== null) {
    for (const { text, start, bytes } of linesOfFile(path)) {
      lines += 1;
      const record = recordIn(text);
      if (record === null) continue;
      // To the end, so that the order of the map is that of the lines that stay.
      last.delete(record.task);
      last.set(record.task, { task: record.task, start, bytes, extra: null });
      if (!keeps(record.task, record.item)) last.delete(record.task);
    }
  }
  let added = 0;
  for (const [task, text] of extra) {
    if (last.has(task)) continue;
    added += 1;
    last.set(task, { task, start: 0, bytes: 0, extra: text });
  }
  const kept = [...last.values()];
  const isInOrder = kept.every(({ task }, index) => index === 0 || task > (kept[index - 1]?.task ?? 0));
  const isTidy = added === 0 && kept.length === lines && (!byTask || isInOrder) && kept.reduce((sum, { bytes }) => sum + bytes, 0) === (found?.size ?? 0);
  if (!isTidy) writeLines(path, found, byTask && !isInOrder ? kept.toSorted((a, b) => a.task - b.task) : kept);
  return new Set(last.keys());
}

function recordIn(text: string): { readonly task: number; readonly item: Json } | null {
  const record = parseJson(text);
  if (!record.ok || !isRecord(record.value)) return null;
  const { task, item } = record.value;
  return typeof task === 'number' && item !== undefined ? { task, item } : null;
}

function writeLines(path: string, found: Stats | null, lines: readonly RecordLine[]): void {
  const draft = `${path}.mpctl-draft`;
  const to = openSync(draft, 'w');
  try {
    if (found !== null) fchmodSync(to, found.mode & 0o777);
    if (found === null) for (const { extra } of lines) writeWhole(to, Buffer.from(extra?.() ?? ''));
    else copyLines(path, to, lines);
    // Else a power cut could leave the name with nothing behind it.
    fsyncSync(to);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(to);
  }
}

function copyLines(path: string, to: number, lines: readonly RecordLine[]): void {
  const from = openSync(path, 'r');
  try {
    let pending: Buffer[] = [];
    let pendingBytes = 0;
    for (const { start, bytes, extra } of lines) {
      const line = extra === null ? Buffer.alloc(bytes) : Buffer.from(extra());
      if (extra === null) readSync(from, line, 0, bytes, start);
      pending.push(line);
      pendingBytes += line.length;
      if (pendingBytes < pieceBytes) continue;
      writeWhole(to, Buffer.concat(pending));
      pending = [];
      pendingBytes = 0;
    }
    writeWhole(to, Buffer.concat(pending));
  } finally {
    closeSync(from);
  }
}

function writeWhole(fd: number, bytes: Buffer): void {
  for (let start = 0; start < bytes.length; ) start += writeSync(fd, bytes, start);
}
