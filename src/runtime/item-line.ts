import type { EngineEvent, ProcessKey } from '../engine/engine-event.ts';

/** A line that is to become an item, which may not have more than `mostBytes`. */
export function itemLine(key: ProcessKey, stream: 'stdout' | 'stderr', text: string, mostBytes: number): EngineEvent {
  const isLong = text.length * 3 > mostBytes && Buffer.byteLength(text) > mostBytes;
  return isLong ? { type: 'long_line', key, stream, mostBytes } : { type: 'line', key, stream, text };
}
