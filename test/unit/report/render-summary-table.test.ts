import { describe, expect, test } from 'vitest';

import type { RunEvent } from '../../../src/engine/run-event.ts';
import { createStyle } from '../../../src/report/create-style.ts';
import { renderSummaryTable } from '../../../src/report/render-summary-table.ts';
import { RunRecord } from '../../../src/report/run-record.ts';
import { summarize } from '../../../src/report/summarize.ts';
import { TextRuler } from '../../../src/report/text-ruler.ts';
import { ended, exitedWith, runStarted, skippedBecause } from '../../rig/events.ts';
import { failure } from '../../rig/events-of-runs.ts';

const ruler = new TextRuler();

function table(events: readonly RunEvent[], width: number, color = false): readonly string[] {
  const record = new RunRecord();
  for (const event of events) record.handle(event);
  return renderSummaryTable(summarize(record), createStyle(color), ruler, width);
}

describe('the width of the table', () => {
  test('is never more than the terminal has, down to its figures', () => {
    for (let width = 50; width <= 200; width += 1) {
      for (const line of table(failure, width))
        expect(ruler.width(line)).toBeLessThanOrEqual(width);
    }
  });

  test('leaves reasons whole where there is room', () => {
    expect(table(failure, 120).join('\n')).toContain(
      '`build` failed, and it was to wait for its success',
    );
  });

  test('shortens a long name only after the reason', () => {
    const name = 'a'.repeat(60);
    const lines = table([runStarted([name]), ended(1, name, exitedWith(1))], 80);
    expect(lines[1]).toBe(`${'a'.repeat(31)}…  failed     1    100 ms         1  exited with…`);
  });
});

test('failures are bold and red, what was spared or skipped is yellow', () => {
  const lines = table(failure, 120, true);
  expect(lines.map((line) => line.slice(0, line.indexOf('m') + 1))).toStrictEqual([
    '\u001B[2m',
    '\u001B[1;31m',
    '\u001B[33m',
    '\u001B[33m',
    expect.not.stringContaining('\u001B'),
  ]);
});

describe('many instances of one process', () => {
  const names = Array.from({ length: 50 }, (_, index) => `w-${index + 1}`);
  const announced = runStarted(names.map((name) => `${name}/w`));

  test('are one sentence when all have succeeded', () => {
    expect(table([announced, ...names.map((name) => ended(1, name))], 80)).toStrictEqual([
      'w-1 … w-50: 50 succeeded',
    ]);
  });

  test('are one sentence when all were skipped for one reason', () => {
    const events = [
      announced,
      ...names.map((name) => ended(1, name, skippedBecause('`db` failed'))),
    ];
    expect(table(events, 80)).toStrictEqual(['w-1 … w-50: 50 skipped, `db` failed']);
  });

  test('show every failure beside the sentence of the others', () => {
    const events = [
      announced,
      ...names.map((name) => ended(1, name, name === 'w-7' ? exitedWith(9) : {})),
    ];
    expect(table(events, 80).slice(1)).toStrictEqual([
      'w-7   failed     9    100 ms         1  exited with 9',
      'w: 49 of 50 succeeded',
    ]);
  });

  test('are rows up to forty', () => {
    const few = names.slice(0, 40);
    const events = [
      runStarted(few.map((name) => `${name}/w`)),
      ...few.map((name) => ended(1, name)),
    ];
    expect(table(events, 80)).toHaveLength(41);
  });
});
