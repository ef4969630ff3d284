/**
 * `npm run bench`: measures mpctl and its peers on this machine, in turn, and says for each goal whether
 * it was met. Ends with 1 where one was missed, and where there were too few rounds to say so.
 *
 * Usage: npm run bench -- [--rounds N] [CASE…], where a case is the name of a file in `bench/cases/`.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Benchmark, Row } from './benchmark.ts';
import { fewestRounds, renderRows } from './print-rows.ts';

const root = join(import.meta.dirname, '..');
const casesFolder = join(import.meta.dirname, 'cases');

const { values, positionals } = parseArgs({ options: { rounds: { type: 'string' } }, allowPositionals: true });
const rounds = Number(values.rounds ?? fewestRounds);
const known = readdirSync(casesFolder).map((file) => file.replace(/\.ts$/, ''));
const unknown = positionals.filter((name) => !known.includes(name));

if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
  console.error(`usage: npm run bench -- [--rounds N] [${known.join('|')}]…`);
  process.exitCode = 2;
} else {
  const rows: Row[] = [];
  for (const name of positionals.length > 0 ? positionals : known) rows.push(...(await measure(name)));
  console.log(`\n${renderRows(rows, rounds)}`);
  if (rounds < fewestRounds || rows.some(({ met }) => !met)) process.exitCode = 1;
}

async function measure(name: string): Promise<readonly Row[]> {
  const benchmark = await load(name);
  const folder = mkdtempSync(join(tmpdir(), 'mpctl-bench-'));
  console.error(`measuring ${benchmark.name}, ${String(rounds)} rounds …`);
  try {
    return await benchmark.measure({ rounds, folder, root, mpctl: join(root, 'dist/mpctl.cjs') });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function load(name: string): Promise<Benchmark> {
  const file: unknown = await import(join(casesFolder, `${name}.ts`));
  if (isCase(file)) return file.benchmark;
  throw new Error(`bench/cases/${name}.ts exports no benchmark`);
}

function isCase(file: unknown): file is { readonly benchmark: Benchmark } {
  return typeof file === 'object' && file !== null && 'benchmark' in file;
}
