import { describe, expect, it } from 'vitest';
import { Gaps } from '../../../src/spec/gaps.ts';

describe('gaps', () => {
  it('know nothing of what is whole', () => {
    const gaps = new Gaps();
    expect(gaps.at([])).toBeUndefined();
    expect(gaps.written(['a', 0])).toEqual(['a', 0]);
    gaps.add(['a', 'b']);
    expect(gaps.at(['a', 'c'])).toBeUndefined();
    expect(gaps.at(['b'])).toBeUndefined();
  });

  it('are seen from above, and tell what is missing itself', () => {
    const gaps = new Gaps();
    gaps.add(['a', 'b', 'c']);
    expect(gaps.at(['a'])?.isGap).toBe(false);
    expect(gaps.at(['a', 'b'])?.children.get('c')?.isGap).toBe(true);
    expect(gaps.at(['a', 'b', 'c'])?.isGap).toBe(true);
  });

  it('lead from the items that were read to those of the file', () => {
    const gaps = new Gaps();
    gaps.add(['steps', 0]);
    gaps.add(['steps', 2, 'timeout']);
    gaps.keepOnly(['steps'], [1, 2]);
    expect(gaps.written(['steps', 0, 'set'])).toEqual(['steps', 1, 'set']);
    expect(gaps.at(['steps', 0])).toBeUndefined();
    expect(gaps.at(['steps', 1])?.children.has('timeout')).toBe(true);
  });

  it('of another file are added', () => {
    const gaps = new Gaps();
    const others = new Gaps();
    gaps.add(['a', 'x']);
    others.add(['a', 'y']);
    others.keepOnly(['b'], [3]);
    gaps.addAll(others);
    expect([...(gaps.at(['a'])?.children.keys() ?? [])]).toEqual(['x', 'y']);
    expect(gaps.written(['b', 0])).toEqual(['b', 3]);
    expect(gaps.count).toBe(2);
  });
});
