import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, constants, mkdirSync, openSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tempFolder } from '../rig/temp-folder.ts';
import { untilTrue } from './harness/deadline.ts';
import { type FaultRun, startRun } from './harness/fault-run.ts';
import { descriptorsOf, expectEnd } from './harness/oracles.ts';

const success = { status: { exitCode: 0 }, outcome: 'success' } as const;
const terminated = { status: { signal: 'SIGTERM' }, outcome: 'cancelled', withinMs: 1500 } as const;
const ticking = 'echo "pid $$"; n=0; while :; do echo "tick $n"; n=$((n + 1)); sleep 0.02; done';

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The numbers of the ticks in a text, in order. */
function ticks(text: string): readonly number[] {
  return [...text.matchAll(/^tick (?<n>\d+)$/gmu)].map(({ groups }) => Number(groups?.['n']));
}

/** Waits until somebody has logged a tick after those that are there now. */
async function untilTicksGoOn(run: FaultRun, log: string): Promise<void> {
  const before = Math.max(-1, ...ticks(run.file(log)));
  await untilTrue(() => Math.max(-1, ...ticks(run.file(log))) > before, 'another tick in the log');
}

/** Looks how much more memory mpctl has needed than up to now, in KiB; to be asked for until its end. */
async function growthOf(run: FaultRun, pid: number): Promise<() => number> {
  await run.guardian();
  const peakKb = (): number => Number.parseInt(run.namespace.processes.field(pid, 'VmHWM') ?? '0', 10);
  const before = peakKb();
  expect(before).toBeGreaterThan(10_000);
  let grown = 0;
  return () => {
    grown = Math.max(grown, peakKb() - before);
    return grown;
  };
}

describe('F: output', () => {
  it('row 60: of 100 MB at full speed, with a console that is slow', async () => {
    const line = `${'0123456789'.repeat(8)}\n`;
    const lines = 1_234_000;
    const program = `import os, time
while not os.path.exists('go'): time.sleep(0.01)
for _ in range(1000): os.write(1, b'${line.trimEnd()}\\n' * 1234)`;
    const shown = Buffer.alloc(lines * (line.length + '[fast] '.length), `[fast] ${line}`);
    const reader = `import hashlib, os, time
digest, left = hashlib.sha256(), ${String(shown.length)}
while True:
    chunk = os.read(0, 1 << 18)
    if not chunk: break
    digest.update(chunk[:left])
    left -= min(left, len(chunk))
    time.sleep(0.001)
print(digest.hexdigest())`;
    const run = await startRun(`processes: { fast: { command: [python3, -c, ${JSON.stringify(program)}], log: { max_size: 300M } } }`, {
      prefix: ['sh', '-c', '"$@" | python3 -c "$READER"', 'slow'],
      env: { READER: reader },
      flags: ['--output', 'prefixed'],
    });
    const grownKb = await growthOf(run, await run.ownPid());
    writeFileSync(run.inside('go'), '');
    await untilTrue(() => grownKb() > 0 && run.namespace.endOf(run.pid) !== null, 'the end of it', 8000);
    await expectEnd(run, { ...success, withinMs: 100 });
    expect(grownKb()).toBeLessThan(64 * 1024);
    expect(digest(run.logOf('fast'))).toBe(digest(Buffer.alloc(lines * line.length, line)));
    expect(run.output('stdout')).toBe(`${digest(shown)}\n`);
  });

  it('row 60: that nobody reads, and a signal ends the run all the same', async () => {
    const unread = path.join(tempFolder(), 'unread');
    execFileSync('mkfifo', [unread]);
    const fd = openSync(unread, constants.O_RDONLY | constants.O_NONBLOCK);
    onTestFinished(() => closeSync(fd));
    const spec = `processes:
  fast: { command: 'trap "echo bye; exit" TERM; while :; do seq 100000; done' }
  wordy: { command: 'trap "seq 1000000; exit" TERM; while :; do seq 100000; done' }
  ticking: { command: '${ticking}' }`;
    const run = await startRun(spec, { streams: { stdout: unread }, flags: ['--output', 'prefixed'] });
    const pid = await run.ownPid();
    const grownKb = await growthOf(run, pid);
    const logOf = (name: string): string => `${run.runFolder}/${name}.log`;
    const sizeOf = (name: string): number => Buffer.byteLength(run.file(logOf(name)));
    // About what the pipe to the console holds.
    await untilTrue(() => sizeOf('fast') + sizeOf('wordy') > 64 * 1024, 'two logs');
    for (let times = 0; times < 10; times += 1) await untilTicksGoOn(run, logOf('ticking'));
    expect(sizeOf('fast') + sizeOf('wordy')).toBeLessThan(2_000_000);
    await run.signal('SIGTERM');
    await untilTrue(() => grownKb() > 0 && run.namespace.endOf(run.pid) !== null, 'the end of it', 2500);
    await expectEnd(run, { ...terminated, withinMs: 100 });
    expect(grownKb()).toBeLessThan(64 * 1024);
    // What the shell itself says of `seq` comes through another pipe.
    expect(run.file(logOf('fast')).slice(-40)).toMatch(/bye\n(?:Terminated\n)?$/u);
    expect(run.file(logOf('wordy')).slice(-8)).toBe('1000000\n');
    expect(run.output('stderr')).toMatch(/\d+ lines were not shown: nobody read the output of mpctl .* \(MP829\)/u);
  });

  it('row 61: of 64 MB without a newline, of bytes that are no text, and of NUL', async () => {
    const program = String.raw`import sys
out = sys.stdout.buffer
out.write(b'x' * (64 << 20))
for _ in range(1000):
    out.write(b'\xc3'); out.flush(); out.write(b'\xa9\xff\x00\n')`;
    const run = await startRun(`processes: { odd: { command: [python3, -c, ${JSON.stringify(program)}], log: { max_size: 300M } } }`, { flags: ['--output', 'quiet'] });
    await expectEnd(run, { ...success, withinMs: 4000 });
    const expected = Buffer.concat([Buffer.alloc(64 << 20, 'x'), Buffer.alloc(5000, Buffer.from([0xc3, 0xa9, 0xff, 0, 0x0a]))]);
    expect(digest(run.logOf('odd'))).toBe(digest(expected));
  });

  it('row 61: of a line that is longer than a line may be', async () => {
    const run = await startRun(`processes: { long: { command: 'head -c 200000 /dev/zero | tr "\\000" x', log: { max_line: 64K } } }`);
    await expectEnd(run, { ...success, withinMs: 1500 });
    const lengths = run.eventsOf('output').map(({ line }) => line.length);
    expect(lengths).toEqual([65_536, 65_536, 65_536, 200_000 - 3 * 65_536]);
    expect(run.logOf('long').length).toBe(200_000);
  });

  it('row 62: of 150 kB, and then its writer ends at once', async () => {
    const run = await startRun(`processes: { brief: { replicas: 8, command: [head, -c, '150000', /dev/zero] } }`);
    await expectEnd(run, { ...success, withinMs: 2000 });
    const logs = Array.from({ length: 8 }, (_, at) => run.logOf(`brief-${String(at + 1)}`).length);
    expect(logs).toEqual(Array.from({ length: 8 }, () => 150_000));
  });

  it('row 64: into a log on a disk that is full, and later is not', async () => {
    const mount = 'mkdir .mpctl; mount -t tmpfs -o size=64k none .mpctl; head -c 40000 /dev/zero > .mpctl/filler; exec "$@"';
    const run = await startRun(`processes: { talking: { command: 'head -c 100000 /dev/zero; echo; ${ticking}' } }`, { prefix: ['sh', '-c', mount, 'mount'] });
    const [worker = 0] = await run.workerPids(1);
    await run.event('warning', ({ code }) => code === 'MP820');
    rmSync(run.inside('.mpctl/filler'));
    // It is tried again every 5 s. What is logged already leaves room for the note and some ticks.
    const { message } = await run.event('warning', ({ code }) => code === 'MP821');
    expect(message).toMatch(/[1-9]\d* bytes are missing/u);
    expect(run.namespace.processes.isAlive(worker)).toBe(true);
    await untilTicksGoOn(run, `${run.runFolder}/talking.log`);
    expect(run.file(`${run.runFolder}/talking.log`)).toMatch(/\[mpctl\] \d+ bytes of output could not be written here/u);
    await run.signal('SIGTERM');
    await expectEnd(run, terminated);
    expect(run.eventsOf('warning').map(({ code }) => code)).toEqual(['MP820', 'MP821']);
  });

  it('row 65: into a log that is removed', async () => {
    const run = await startRun(`processes: { talking: { command: '${ticking}' } }`);
    await run.workerPids(1);
    await run.guardian();
    const log = `${run.runFolder}/talking.log`;
    await untilTicksGoOn(run, log);
    const expectSame = descriptorsOf(run);
    rmSync(run.inside(log));
    await untilTicksGoOn(run, log);
    await expectSame();
    await run.signal('SIGTERM');
    await expectEnd(run, terminated);
    expect(run.eventsOf('warning')).toEqual([]);
  });

  it('row 65: into a log that is replaced by a folder', async () => {
    const run = await startRun(`processes: { talking: { command: '${ticking}' } }`);
    const [worker = 0] = await run.workerPids(1);
    const log = `${run.runFolder}/talking.log`;
    await untilTicksGoOn(run, log);
    rmSync(run.inside(log));
    mkdirSync(run.inside(log));
    await run.event('warning', ({ code }) => code === 'MP820');
    expect(run.namespace.processes.isAlive(worker)).toBe(true);
    await run.signal('SIGTERM');
    await expectEnd(run, terminated);
    expect(run.eventsOf('warning').map(({ code }) => code)).toEqual(['MP820']);
  });

  it('row 66: of two million lines as fast as they come, into a log that is rotated', async () => {
    const run = await startRun(`processes: { fast: { command: [seq, '2000000'], log: { max_size: 1M, keep: 100 } } }`, { flags: ['--output', 'quiet'] });
    await expectEnd(run, { ...success, withinMs: 6000 });
    const expected = Buffer.from(`${Array.from({ length: 2_000_000 }, (_, at) => String(at + 1)).join('\n')}\n`);
    expect(digest(run.logOf('fast'))).toBe(digest(expected));
    const sizes = readdirSync(run.inside(run.runFolder)).filter((name) => name.startsWith('fast.log')).map((name) => statSync(run.inside(`${run.runFolder}/${name}`)).size);
    expect(sizes.length).toBe(Math.ceil(expected.length / 1024 ** 2));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1024 ** 2);
  });

  it('row 67: of a worker that opens `/dev/stdout` again', async () => {
    const run = await startRun(`processes: { again: { command: 'echo one > /dev/stdout; echo two | tee /dev/stderr > /dev/null; echo three >> /dev/stdout' } }`);
    await expectEnd(run, { ...success, withinMs: 1500 });
    expect(run.eventsOf('output').map(({ stream, line }) => `${stream} ${line}`).toSorted((a, b) => a.localeCompare(b))).toEqual(['stderr two', 'stdout one', 'stdout three']);
  });
});
