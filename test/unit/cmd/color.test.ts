import { describe, expect, it } from 'vitest';
import { wantsColor } from '../../../cmd/color.ts';

function wanted(environment: Readonly<Record<string, string>>, isTTY: boolean, flag = true): boolean {
  return wantsColor({ environment }, { isTTY }, flag);
}

describe('wantsColor', () => {
  it.each([
    ['a terminal', {}, true, true],
    ['a pipe', {}, false, false],
    ['a dumb terminal', { TERM: 'dumb' }, true, false],
    ['NO_COLOR', { NO_COLOR: '1' }, true, false],
    ['an empty NO_COLOR', { NO_COLOR: '' }, true, true],
    ['FORCE_COLOR on a pipe', { FORCE_COLOR: '1' }, false, true],
    ['FORCE_COLOR over NO_COLOR', { FORCE_COLOR: '', NO_COLOR: '1' }, false, true],
    ['FORCE_COLOR=0 on a terminal', { FORCE_COLOR: '0' }, true, false],
  ])('%s', (_, environment, isTTY, expected) => {
    expect(wanted(environment, isTTY)).toBe(expected);
  });

  it('lets --no-color win over everything', () => {
    expect(wanted({ FORCE_COLOR: '1' }, true, false)).toBe(false);
  });
});
