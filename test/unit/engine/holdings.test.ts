import { expect, it } from 'vitest';
import { Holdings } from '../../../src/engine/holdings.ts';

const file = { name: 'file', permits: 1 };
const slots = { name: 'slots', permits: 2 };

it('knows the holders of a program only as long as they hold something', () => {
  const holdings = new Holdings();
  for (const holder of ['call/1', 'call/2']) {
    holdings.granted('shop', [file], holder);
    expect(holdings.holdersWithin('shop')).toEqual([holder]);
    holdings.released('shop', [file]);
    expect(holdings.holdersWithin('shop')).toEqual([]);
  }
});

it('takes off what another holder of the program releases, first from the one that has held longest', () => {
  const holdings = new Holdings();
  holdings.granted('shop', [slots], 'one');
  holdings.granted('shop', [slots], 'two');
  holdings.released('shop', [{ name: 'slots', permits: 3 }]);
  expect(holdings.holdersWithin('shop')).toEqual(['two']);
  expect(holdings.permitsHeld('slots')).toBe(1);
});

it('takes what one holder has released from that one, and nothing where it is gone', () => {
  const holdings = new Holdings();
  holdings.granted('shop', [slots], 'one');
  holdings.granted('shop', [slots], 'two');
  holdings.releasedBy({ instance: 'shop', holder: 'two' }, slots);
  holdings.releasedBy({ instance: 'shop', holder: 'two' }, slots);
  expect(holdings.holdersWithin('shop')).toEqual(['one']);
  expect(holdings.permitsHeld('slots')).toBe(2);
});
