import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { exitCodes } from '../../src/base/exit-codes.ts';
import { catalogue } from '../../src/diagnostics/catalogue.ts';
import { callMain } from '../rig/call-main.ts';
import { tempFolder } from '../rig/temp-folder.ts';

/** What every check of a plan has in common, shown by its examples: the formats, `--strict`, and `mpctl-ignore`. */
const examplesDir = path.join(import.meta.dirname, '..', '..', 'examples', 'diagnostics');
const entries: Readonly<Record<string, { readonly slug: string }>> = catalogue();
/** Not of a file of tasks that cannot be read, which is no fault of the spec. */
const codes = Object.keys(entries).filter((code) => /^MP[2-7]/u.test(code) && code !== 'MP611' && !readdirSync(path.join(examplesDir, code)).includes('case.json'));

const position = z.object({ line: z.number() });
const finding = z.object({ code: z.string(), severity: z.enum(['error', 'warning', 'note']), certainty: z.string(), hint: z.string().nullable(), range: z.object({ start: position, end: position }).nullable() });
const report = z.object({ diagnostics: z.array(finding) });

async function check(text: string, ...flags: readonly string[]): Promise<{ readonly stdout: string; readonly code: number | null }> {
  const { stdout, exit } = await callMain(['check', ...flags, 'mpctl.yaml'], { cwd: tempFolder({ 'mpctl.yaml': text }) });
  return { stdout, code: exit.type === 'code' ? exit.code : null };
}

async function findingsOf(text: string): Promise<readonly z.infer<typeof finding>[]> {
  return report.parse(JSON.parse((await check(text, '--format', 'json')).stdout)).diagnostics;
}

/** A spec with a comment at the end of some lines, counted from 1. */
function commented(text: string, lines: ReadonlySet<number>, comment: string): string {
  return text.split('\n').map((line, index) => (lines.has(index + 1) ? `${line} # ${comment}` : line)).join('\n');
}

it('there are some dozens', () => {
  expect(codes.length).toBeGreaterThan(50);
});

describe.each(codes)('%s', (code) => {
  const read = (name: string): string => readFileSync(path.join(examplesDir, code, name), 'utf8');
  const wrong = read('wrong.yaml');

  it('is in every format, with how often it comes about', async () => {
    const found = (await findingsOf(wrong)).filter((each) => each.code === code);
    expect(found).not.toEqual([]);
    for (const { certainty } of found) {
      expect(['every run', 'some interleaving', 'possible']).toContain(certainty);
      expect((await check(wrong)).stdout).toMatch(new RegExp(`\\[${code}\\]: .*\\(${certainty}\\)\\n`, 'u'));
      expect((await check(wrong, '--format', 'github')).stdout).toContain(`title=${code} ${entries[code]?.slug} (${certainty})`);
      expect((await check(wrong, '--format', 'sarif')).stdout).toContain(`"ruleId": "${code}"`);
    }
  });

  it('fails the check where it is an error, and under `--strict` where it is a warning', async () => {
    const found = await findingsOf(wrong);
    const severities = new Set(found.map(({ severity }) => severity));
    const plain = severities.has('error') ? exitCodes.invalidSpec : exitCodes.success;
    expect((await check(wrong)).code).toBe(plain);
    expect((await check(wrong, '--strict')).code).toBe(plain === exitCodes.success && severities.has('warning') ? exitCodes.failure : plain);
  });

  it('is left out where a comment says so, unless it is an error', async () => {
    const found = (await findingsOf(wrong)).filter((each) => each.code === code);
    const lines = new Set(found.map(({ range }) => range?.start.line ?? 0));
    const after = await findingsOf(commented(wrong, lines, `mpctl-ignore: ${code}, as a test`));
    const isError = found.some(({ severity }) => severity === 'error');
    expect(after.some((each) => each.code === code)).toBe(isError);
    expect(after.some((each) => each.code === 'MP142')).toBe(isError);
  });

  it('leaves a comment idle where it is not found', async () => {
    const after = await findingsOf(commented(read('right.yaml'), new Set([1]), `mpctl-ignore: ${code}, as a test`));
    expect(after.map((each) => each.code)).toContain('MP142');
  });
});
