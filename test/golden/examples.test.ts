import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ExampleExpectation, readExpectation } from '../rig/example-expectation.ts';
import { transcribe } from '../rig/example-transcript.ts';
import { expectGolden } from '../rig/golden-file.ts';
import { isLeft, livingWorkers } from '../rig/living-workers.ts';
import { runCli } from '../rig/run-cli.ts';
import { runExample } from '../rig/run-example.ts';

const examplesDir = path.join(import.meta.dirname, '..', '..', 'examples', 'multiprocessing');
const names = readdirSync(examplesDir, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .toSorted();

/** Where the line stands that must appear exactly once; of several, the first of them. */
function position(lines: readonly string[], wanted: string | readonly string[]): number {
  const places = [wanted].flat().map((line) => {
    const found = lines.flatMap((text, index) => (text === line ? [index] : []));
    expect(found, `\`${line}\` once in ${JSON.stringify(lines)}`).toHaveLength(1);
    return found[0] ?? -1;
  });
  return Math.min(...places);
}

function expectOrder(streams: readonly (readonly string[])[], order: ExampleExpectation['order']): void {
  for (const { first, before } of order) {
    const lines = streams.find((stream) => stream.includes(before)) ?? [];
    expect(position(lines, first), `${String(first)} before ${before}`).toBeLessThan(position(lines, before));
  }
}

function expectInThisOrder(notices: readonly string[], wanted: readonly string[]): void {
  let from = 0;
  for (const notice of wanted) {
    const index = notices.indexOf(notice, from);
    expect(index, `${notice} after line ${from} of ${JSON.stringify(notices)}`).toBeGreaterThanOrEqual(0);
    from = index + 1;
  }
}

/** Whether these lines are nothing but the blocks, each in its own order and none within another. */
function expectBlocks(lines: readonly string[], blocks: readonly (readonly string[])[]): void {
  const left = [...blocks];
  let from = 0;
  while (left.length > 0) {
    const next = blockAt(lines, from, left);
    expect(next, `a block at line ${from + 1} of ${JSON.stringify(lines)}`).not.toBe(-1);
    from += left.splice(next, 1).flat().length;
  }
  expect(lines.slice(from)).toEqual([]);
}

/** The one of the blocks that stands there; -1 where none does. */
function blockAt(lines: readonly string[], from: number, blocks: readonly (readonly string[])[]): number {
  return blocks.findIndex((block) => block.every((line, index) => lines[from + index] === line));
}

it('the README has a row for every example', () => {
  const readme = readFileSync(path.join(examplesDir, 'README.md'), 'utf8');
  const linked = [...readme.matchAll(/\]\((?<name>[^)/]+)\/mpctl\.yaml\)/gu)].map((match) => match.groups?.['name'] ?? '');
  expect(linked.toSorted()).toEqual(names);
});

describe.each(names)('%s', (name) => {
  const folder = path.join(examplesDir, name);
  const expectation = readExpectation(folder);

  it('is without errors and warnings, cannot deadlock, and names a schema that is there', async () => {
    const [firstLine = ''] = readFileSync(path.join(folder, 'mpctl.yaml'), 'utf8').split('\n', 1);
    const schema = /^# yaml-language-server: \$schema=(?<file>.+)$/u.exec(firstLine)?.groups?.['file'] ?? firstLine;
    expect(existsSync(path.join(folder, schema))).toBe(true);
    const { stdout, stderr, exitCode } = await runCli(['check', '--strict', 'mpctl.yaml'], { cwd: folder });
    expect(`${stdout}${stderr}`).toMatch(/^mpctl\.yaml: ok, [^\n]+\nno deadlock: proved, [^\n]+\n(?: {2}[^\n]+\n)*$/u);
    expect(exitCode).toBe(0);
  });

  it('gives what it is expected to give, and leaves nothing alive', async () => {
    const run = await runExample(folder, expectation);
    const started = [...run.result.stderr.matchAll(/ started \(pid (?<pid>\d+)\)$/gmu)].map((match) => Number(match.groups?.['pid']));
    expect(started.filter(isLeft)).toEqual([]);
    expect(livingWorkers(run.runId)).toEqual([]);

    const { text, lines, notices } = transcribe(run, expectation);
    expect(run.result.signal ?? run.result.exitCode).toBe(expectation.ends);
    expectOrder(lines, expectation.order);
    expectInThisOrder(notices, expectation.notices);
    for (const [file, blocks] of Object.entries(expectation.blocks)) expectBlocks(run.written[file] ?? [], blocks);
    expectGolden(path.join(folder, 'expected.txt'), text);
  });
});
