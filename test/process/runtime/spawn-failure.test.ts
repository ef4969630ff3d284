import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SpawnFailure } from '../../../src/runtime/processes/spawn-failure.ts';
import type { SpawnRequest } from '../../../src/runtime/processes/spawn-request.ts';
import { requestFor, temporaryFolder, watchWorker } from './worker-harness.ts';

async function failureOf(argv: readonly string[], changes: Partial<SpawnRequest> = {}): Promise<SpawnFailure> {
  const worker = watchWorker(requestFor(argv, changes));
  const failure = await worker.failed;
  expect(worker.heard).toEqual(['failed']);
  return failure;
}

/** A copy of a program with something wrong in its first bytes. */
function damaged(damage: (head: Buffer) => Buffer): string {
  const file = join(temporaryFolder(), 'program');
  writeFileSync(file, damage(readFileSync('/bin/true')), { mode: 0o755 });
  return file;
}

function withNumber(at: number, value: number): (head: Buffer) => Buffer {
  return (head) => {
    head.writeUInt16LE(value, at);
    return head;
  };
}

/** Somebody else on this machine may run programs of others, and mpctl leaves it to him. */
const areForeignRun = (() => {
  try {
    return readdirSync('/proc/sys/fs/binfmt_misc').length > 2;
  } catch {
    return false;
  }
})();

const damages: readonly (readonly [what: string, damage: (head: Buffer) => Buffer, why: string])[] = [
  ['was cut off', (head) => head.subarray(0, 20), 'it is a program that was cut off'],
  ['has lost its end', (head) => head.subarray(0, 100), 'it is a program that is damaged'],
  ['has no segments', withNumber(56, 0), 'it is a program that is damaged'],
  ['is an object file', withNumber(16, 1), 'it is compiled, but is no program'],
  // An old 32-bit machine, which no 64-bit Node has ever run on.
  ...(areForeignRun ? [] : [['is for another kind of machine', withNumber(18, 9), 'it is a program for another kind of machine'] as const]),
];

function script(name: string, text: string, mode = 0o755): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

describe('a program that the system does not load', () => {
  test.each(damages)('as it %s', async (_, damage, why) => {
    const file = damaged(damage);
    expect(await failureOf([file])).toEqual({ code: 'MP804', message: `the command \`${file}\` cannot be executed: ${why}`, hint: null, exitCode: 126 });
  });

  test('but one that is whole, and a script without a first line, run', async () => {
    const whole = watchWorker(requestFor([damaged((head) => head)]));
    expect(await whole.exited).toEqual({ code: 0, signal: null });
    const scripted = watchWorker(requestFor([script('plain', 'echo "it runs: $1"\n'), 'well']));
    await scripted.drained;
    expect(scripted.stdout).toEqual(['it runs: well']);
  });
});

describe('a command that cannot be started', () => {
  test('is not in PATH', async () => {
    expect(await failureOf(['no-such-command'])).toEqual({
      code: 'MP801',
      message: 'the command `no-such-command` was not found in `PATH`',
      hint: 'install it, or write its path; a command with shell syntax must be one string, not a list',
      exitCode: 127,
    });
  });

  test('is a path to nothing', async () => {
    expect(await failureOf(['./nothing.sh'], { cwd: '/' })).toMatchObject({
      code: 'MP801',
      message: 'the command `./nothing.sh` does not exist',
      hint: 'relative paths begin at the working directory `/`',
    });
  });

  test('has a working directory that is missing, or a file', async () => {
    expect(await failureOf(['true'], { cwd: '/no/such/folder' })).toMatchObject({
      code: 'MP802',
      message: 'the working directory `/no/such/folder` does not exist',
    });
    expect(await failureOf(['true'], { cwd: '/etc/passwd' })).toMatchObject({
      code: 'MP802',
      message: 'the working directory `/etc/passwd` is not a directory',
    });
  });

  test('names an interpreter that is missing, or ends its first line in CR LF', async () => {
    const missing = script('a.sh', '#!/no/such/interpreter -x\n');
    expect(await failureOf([missing])).toMatchObject({
      code: 'MP803',
      message: `the interpreter \`/no/such/interpreter\` of \`${missing}\` does not exist`,
      exitCode: 127,
    });
    const windows = script('b.sh', '#!/bin/sh\r\ntrue\r\n');
    expect(await failureOf([windows])).toMatchObject({
      code: 'MP803',
      message: `the interpreter \`/bin/sh\` of \`${windows}\` does not exist`,
      hint: 'its first line ends in CR LF; save it with LF',
    });
  });

  test('lacks the permission, or is a directory', async () => {
    const file = script('plain.sh', 'true\n', 0o644);
    expect(await failureOf([file])).toEqual({
      code: 'MP804',
      message: `the command \`${file}\` may not be executed`,
      hint: `chmod +x ${file}`,
      exitCode: 126,
    });
    const folder = join(temporaryFolder(), 'folder');
    mkdirSync(folder);
    expect(await failureOf([folder])).toMatchObject({
      code: 'MP804',
      message: `the command \`${folder}\` is a directory`,
      exitCode: 126,
    });
  });

  test('has an argument that is too long, or contains NUL', async () => {
    expect(await failureOf(['true', 'x'.repeat(200_000)])).toMatchObject({ code: 'MP805', exitCode: 126 });
    expect(await failureOf(['true', 'a\0b'])).toMatchObject({ code: 'MP806', exitCode: 126 });
    expect(await failureOf(['true', 'a\0b'], { tty: true })).toMatchObject({ code: 'MP806' });
  });

  test('has a stream file that cannot be opened', async () => {
    expect(await failureOf(['cat'], { stdin: { type: 'file', file: '/no/such/input' } })).toMatchObject({
      code: 'MP808',
      message: 'the file `/no/such/input` for `stdin` cannot be opened: ENOENT: no such file or directory',
    });
    expect(await failureOf(['cat'], { stdout: { type: 'file', file: '/tmp' } })).toMatchObject({ code: 'MP808' });
    expect(await failureOf(['cat'], { stdout: { type: 'file', file: '/no/such/output' } })).toMatchObject({
      code: 'MP808',
      message: 'the file `/no/such/output` for `stdout` cannot be opened: there is no folder `/no/such` (`mkdir -p` makes it)',
    });
  });
});

/** Runs a fixture with fewer resources and gives its lines of JSON. */
async function runLimited(limit: string, fixture: string): Promise<{ code: number | null; output: string }> {
  const file = join(import.meta.dirname, '..', 'fixtures', fixture);
  const child = spawn('prlimit', [limit, process.execPath, '--import', 'tsx', file, temporaryFolder()], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  return { code, output };
}

describe('a shortage of file descriptors', () => {
  test('that passes is waited out', async () => {
    const { code, output } = await runLimited('--nofile=64:64', 'short-of-descriptors-for-a-while.ts');
    expect(output).toBe('started\nexited 0\n');
    expect(code).toBe(0);
  });

  test('that stays is one typed failure, and nothing is thrown', async () => {
    const { code, output } = await runLimited('--nofile=64:64', 'short-of-descriptors.ts');
    expect(output).toBe('MP807 126\n');
    expect(code).toBe(0);
  });

  test('that the guardian meets is said to whoever waits for its pipes', async () => {
    const { code, output } = await runLimited('--nofile=64:64', 'guardian-short-of-descriptors.ts');
    expect(output).toBe('made false\n');
    expect(code).toBe(0);
  });
});
