import { describe, expect, it } from 'vitest';
import { BatchSize } from '../../../src/client/batch-size.ts';
import { batchesOf } from '../../../src/client/batches.ts';
import { HolderNames } from '../../../src/client/holder-names.ts';

describe('batchesOf', () => {
  it('keeps the order and takes a thousand at most', () => {
    const items = Array.from({ length: 2500 }, (_, index) => index);
    const batches = [...batchesOf(items, 1024 * 1024)];
    expect(batches.map(({ length }) => length)).toEqual([1000, 1000, 500]);
    expect(batches.flat()).toEqual(items);
  });

  it('keeps each message below the size of a frame, and an item that is larger alone', () => {
    const large = 'x'.repeat(100_000);
    const lengths = (maxFrameBytes: number): readonly number[] =>
      [...batchesOf([large, large, 'a', 'b', 'y'.repeat(500_000), 'c'], maxFrameBytes)].map(({ length }) => length);
    expect(lengths(1024 * 1024)).toEqual([1, 3, 1, 1]);
    expect(lengths(64 * 1024)).toEqual([1, 1, 2, 1, 1]);
    expect(lengths(8 * 1024 * 1024)).toEqual([6]);
  });

  it('makes nothing of nothing', () => {
    expect([...batchesOf([], 1024 * 1024)]).toEqual([]);
  });
});

describe('BatchSize', () => {
  it('doubles while work takes no time, up to the most', () => {
    const batch = new BatchSize(20);
    const sizes = Array.from({ length: 7 }, () => {
      const { size } = batch;
      batch.worked(size, 0.01);
      return size;
    });
    expect(sizes).toEqual([1, 2, 4, 8, 16, 20, 20]);
  });

  it('stays where fewer came than were asked for', () => {
    const batch = new BatchSize(20);
    batch.worked(1, 0);
    batch.worked(1, 0);
    expect(batch.size).toBe(2);
  });

  it('falls to what takes 2 ms, and to one where one takes longer', () => {
    const batch = new BatchSize(1000);
    for (let round = 0; round < 10; round += 1) batch.worked(batch.size, 0);
    expect(batch.size).toBe(1000);
    batch.worked(1000, 20);
    expect(batch.size).toBe(100);
    batch.worked(100, 5000);
    expect(batch.size).toBe(1);
  });
});

describe('HolderNames', () => {
  it('uses the name of whoever holds nothing any more again', () => {
    const names = new HolderNames('p');
    const [first, second] = [names.take(), names.take()];
    expect([first, second]).toEqual(['p.1', 'p.2']);
    names.giveBack(first);
    expect([names.take(), names.take()]).toEqual(['p.1', 'p.3']);
  });
});
