import { expect, test } from 'vitest';
import { beginningsOf, toldLastWord } from '../../../src/runtime/processes/slot-command.ts';

const key = 'p-1.0123456789abcdef';
const beginnings = beginningsOf([['MPCTL_ITEM', 'a'], ['MPCTL_TASK', '0'], ['MPCTL_AUTHKEY', key]]);
const variables = (item: string, task: string, digits: string): readonly string[] => [`MPCTL_ITEM=${item}`, `MPCTL_TASK=${task}`, `MPCTL_AUTHKEY=${key.slice(0, -8)}${digits}`];

test('an item, its task and its key are one line', () => {
  expect(toldLastWord(beginnings, variables('b c', '7', '_-AZ09az'), 'b c')).toBe('Z7 _-AZ09az b c\n');
  expect(toldLastWord(beginnings, variables('', '7', '_-AZ09az'), '')).toBe('Z7 _-AZ09az \n');
});

test('an item of several lines is as many', () => {
  expect(toldLastWord(beginnings, variables('b\n c\n', '7', '_-AZ09az'), 'b\n c\n')).toBe('M7 _-AZ09az b\nM c\nZ\n');
});

test('whatever is said otherwise has a line for each', () => {
  const [item = '', task = '', shown = ''] = variables('b', '7', '_-AZ09az');
  expect(toldLastWord(beginnings, [item, task], 'b')).toBe('27\nYb\n');
  expect(toldLastWord(beginnings, [item, task, shown], 'other')).toBe('1b\n27\n3_-AZ09az\nXother\n');
  expect(toldLastWord(beginnings, [item, 'MPCTL_TASK=7 8', shown], 'b')).toBe('27 8\n3_-AZ09az\nYb\n');
  expect(toldLastWord(beginnings, [item, task, 'OTHER=1'], 'b')).toBe('27\neOTHER=1\nYb\n');
  expect(toldLastWord(beginnings, [], 'b')).toBe('Xb\n');
});
