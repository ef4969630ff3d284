import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { groupIsAlive } from '../../../src/runtime/processes/group-looks.ts';
import { requestFor, shellRequest, temporaryFolder, until, watchWorker } from './worker-harness.ts';

describe('the life of a worker', () => {
  test('is heard as started, lines, exited, drained, and only after spawnWorker has returned', async () => {
    const worker = watchWorker(shellRequest('echo out; echo err >&2; exit 3'));
    expect(worker.heard).toEqual([]);
    await worker.drained;
    expect(await worker.exited).toEqual({ code: 3, signal: null });
    expect(worker.heard[0]).toBe('started');
    expect(worker.heard.at(-1)).toBe('drained');
    expect([worker.stdout, worker.stderr]).toEqual([['out'], ['err']]);
    expect(worker.handle.pid).toBe(await worker.started);
  });

  test('leads a session and a process group of its own', async () => {
    const worker = watchWorker(shellRequest('cut -d" " -f5,6 < /proc/$$/stat'));
    await worker.drained;
    const pid = await worker.started;
    expect(worker.stdout).toEqual([`${pid} ${pid}`]);
  });

  test('sees exactly the environment and the folder it was given', async () => {
    const cwd = temporaryFolder();
    const env = { PATH: process.env['PATH'] ?? '', GREETING: 'hello' };
    const worker = watchWorker(requestFor(['/usr/bin/env'], { cwd, env }));
    await worker.drained;
    expect(worker.stdout.toSorted()).toEqual(['GREETING=hello', `PATH=${env.PATH}`]);
    const where = watchWorker(requestFor(['pwd'], { cwd }));
    await where.drained;
    expect(where.stdout).toEqual([cwd]);
  });

  test('ended by a signal says which', async () => {
    const worker = watchWorker(shellRequest('kill -TERM $$'));
    expect(await worker.exited).toEqual({ code: null, signal: 'SIGTERM' });
  });

  test('signalled before it could start ends by that signal and was never started', async () => {
    const worker = watchWorker(requestFor(['sleep', '30'], { tty: true }));
    expect(worker.handle.pid).toBeNull();
    expect(worker.handle.signalGroup('SIGTERM')).toBe(true);
    expect(await worker.exited).toEqual({ code: null, signal: 'SIGTERM' });
    await worker.drained;
    expect(worker.heard).toEqual(['exited', 'drained']);
  });

  test('released is forgotten, and lives on', async () => {
    const worker = watchWorker(shellRequest('echo first; exec sleep 30'));
    await worker.lineWith('first');
    const pid = await worker.started;
    worker.handle.release();
    expect(groupIsAlive(pid)).toBe(true);
    process.kill(-pid, 'SIGKILL');
    await until(() => !groupIsAlive(pid), 'the group is empty');
    expect(worker.heard).not.toContain('exited');
  });
});

describe('exit and streams', () => {
  test('the exit does not wait for a grandchild that holds stdout, and neither does the end of output', async () => {
    const worker = watchWorker(shellRequest('sleep 30 & echo last'));
    await worker.exited;
    await worker.drained;
    expect(worker.handle.groupIsAlive()).toBe(true);
    expect(worker.stdout).toEqual(['last']);
    expect(worker.handle.signalGroup('SIGKILL')).toBe(true);
    await until(() => !worker.handle.groupIsAlive(), 'the grandchild is dead');
    expect(worker.handle.signalGroup('SIGKILL')).toBe(false);
  });

  test('a grandchild that goes on writing is heard to its end', async () => {
    const worker = watchWorker(shellRequest('seq 300000 & exit 0'));
    await worker.drained;
    expect(worker.stdout.length).toBe(300_000);
    expect(worker.stdout.at(-1)).toBe('300000');
  });

  test('a stranger outside the group that never stops writing is heard after the exit, and left in the end', async () => {
    const folder = temporaryFolder();
    const [mark, go] = [join(folder, 'pid'), join(folder, 'go')];
    const writes = `until [ -e ${go} ]; do echo x; done; echo after the exit; while echo x; do :; done`;
    const worker = watchWorker(shellRequest(`setsid sh -c 'echo $$ > ${mark}; ${writes}' & exit 0`));
    await worker.exited;
    writeFileSync(go, '');
    await worker.lineWith('after the exit');
    await worker.drained;
    const stranger = Number(readFileSync(mark, 'utf8'));
    // Its next write meets a closed pipe.
    await until(() => !groupIsAlive(stranger), 'the stranger got SIGPIPE');
  });

  test('output waiting behind a pause is not lost by the exit', async () => {
    const worker = watchWorker(shellRequest('head -c 40000 /dev/zero | tr "\\0" "x"; echo; echo end'));
    worker.handle.pauseOutput();
    await worker.exited;
    worker.handle.resumeOutput();
    await worker.drained;
    expect(worker.stdout.join('\n')).toBe(`${'x'.repeat(40_000)}\nend`);
  });

  test('a worker that is killed while its output is paused is read to its end, though nobody resumes it', async () => {
    const worker = watchWorker(requestFor(['yes']));
    await worker.lineWith('y');
    worker.handle.pauseOutput();
    worker.handle.signalGroup('SIGKILL');
    worker.handle.pauseOutput();
    expect(await worker.exited).toEqual({ code: null, signal: 'SIGKILL' });
    await worker.drained;
  });

  test('while output is paused, the worker blocks', async () => {
    const counter = join(temporaryFolder(), 'count');
    const script = `import os,sys
n=0
f=os.open(${JSON.stringify(counter)}, os.O_CREAT|os.O_WRONLY)
while n < 16777216:
    n+=os.write(1, b"x"*1023+b"\\n")
    os.pwrite(f, b"%12d" % n, 0)
`;
    const worker = watchWorker(requestFor(['python3', '-c', script]));
    worker.handle.pauseOutput();
    const count = (): number => Number(readOr(counter, '0'));
    await until(() => count() > 60_000, 'the pipe is full');
    const atPause = count();
    expect(atPause).toBeLessThan(1_000_000);
    worker.handle.resumeOutput();
    await worker.drained;
    expect(worker.stdout.length).toBe(16_384);
  });
});

describe('what comes out is what was written', () => {
  test('150 kB and an immediate exit: every byte arrives', async () => {
    const worker = watchWorker(shellRequest('head -c 150000 /dev/zero | tr "\\0" "a"', { stdout: { type: 'capture' } }));
    expect((await worker.drained).captured).toBe('a'.repeat(150_000));
  });

  test('a last line without a newline is a line', async () => {
    const worker = watchWorker(shellRequest('printf "one\\n\\ntwo"'));
    expect(await worker.drained).toMatchObject({ captured: null, stdoutBytes: 8 });
    expect(worker.stdout).toEqual(['one', '', 'two']);
  });

  test('64 MiB without a newline come in pieces, and nothing is lost', async () => {
    let bytes = 0;
    const request = shellRequest('head -c 67108864 /dev/zero | tr "\\0" "z"');
    const worker = watchWorker(request);
    await worker.drained;
    for (const piece of worker.stdout) {
      expect(piece.length).toBeLessThanOrEqual(65_536);
      bytes += piece.length;
    }
    expect(bytes).toBe(67_108_864);
  });

  test('invalid bytes and NUL do no harm', async () => {
    const script = String.raw`printf '\303\244|\377|\000|end\n'`;
    const worker = watchWorker(shellRequest(script));
    await worker.drained;
    expect(worker.stdout).toEqual(['ä|�|\0|end']);
  });

  test('a worker may open /dev/stdout, /dev/stderr and /dev/stdin again', async () => {
    const script = 'echo a > /dev/stdout; echo b > /dev/stderr; cat /dev/stdin';
    const worker = watchWorker(shellRequest(script, { stdin: { type: 'text', text: 'c\n' } }));
    await worker.drained;
    expect([worker.stdout, worker.stderr]).toEqual([['a', 'c'], ['b']]);
  });

  test('captured with lines is both', async () => {
    const worker = watchWorker(shellRequest('echo 1; echo 2', { stdout: { type: 'capture', lines: true } }));
    expect(await worker.drained).toEqual({ captured: '1\n2\n', truncated: false, stdoutBytes: 4 });
    expect(worker.stdout).toEqual(['1', '2']);
  });

  test('files: emptied or appended to, and shared by stdout and stderr without overwriting', async () => {
    const file = join(temporaryFolder(), 'out');
    writeFileSync(file, 'old\n');
    const both = { stdout: { type: 'file', file }, stderr: { type: 'file', file } } as const;
    await watchWorker(shellRequest('echo 1; echo 2 >&2; echo 3', both)).drained;
    expect(readFileSync(file, 'utf8')).toBe('1\n2\n3\n');
    await watchWorker(shellRequest('echo 4', { stdout: { type: 'file', file, append: true } })).drained;
    expect(readFileSync(file, 'utf8')).toBe('1\n2\n3\n4\n');
    const reader = watchWorker(requestFor(['cat'], { stdin: { type: 'file', file } }));
    await reader.drained;
    expect(reader.stdout).toEqual(['1', '2', '3', '4']);
  });
});

describe('standard input', () => {
  test('null is end of file at once', async () => {
    const worker = watchWorker(requestFor(['cat']));
    expect(await worker.exited).toEqual({ code: 0, signal: null });
  });

  test('a text larger than a pipe arrives whole', async () => {
    const text = 'x'.repeat(1_000_000);
    const worker = watchWorker(requestFor(['wc', '-c'], { stdin: { type: 'text', text } }));
    await worker.drained;
    expect(worker.stdout.map(Number)).toEqual([1_000_000]);
  });

  test('lines are taken as fast as the worker reads, with a word when to go on', async () => {
    const worker = watchWorker(requestFor(['wc', '-l'], { stdin: { type: 'lines' } }));
    await worker.started;
    // A stopped reader fills the pipe for certain; a running one may empty it as fast as it is filled.
    worker.handle.signalGroup('SIGSTOP');
    const total = 200_000;
    let written = 0;
    let waits = 0;
    const pump = (): void => {
      while (written < total) {
        written += 1;
        if (!worker.handle.writeLine(`line ${written}`)) {
          waits += 1;
          return;
        }
      }
      worker.handle.endInput();
    };
    worker.handle.onDrain(pump);
    pump();
    expect(waits).toBe(1);
    expect(written).toBeLessThan(total);
    worker.handle.signalGroup('SIGCONT');
    await worker.drained;
    expect(worker.stdout.map(Number)).toEqual([total]);
  });

  test('a worker that stops reading is heard, and writing on does no harm', async () => {
    const worker = watchWorker(shellRequest('exec <&-; echo closed; exec sleep 30', { stdin: { type: 'lines' } }));
    await worker.lineWith('closed');
    worker.handle.writeLine('nobody reads this');
    await until(() => worker.heard.includes('inputClosed'), 'the closed input was heard');
    expect(worker.handle.writeLine('nor this')).toBe(true);
  });
});

describe('a pseudo-terminal', () => {
  test('is what the worker sees, with its output merged and without carriage returns', async () => {
    const script = 'test -t 0 && test -t 1 && test -t 2 && echo terminal; echo err >&2; printf last; exit 4';
    const worker = watchWorker(shellRequest(script, { tty: true }));
    await worker.drained;
    expect(await worker.exited).toEqual({ code: 4, signal: null });
    expect(worker.stdout).toEqual(['terminal', 'err', 'last']);
  });

  test('has an end of input, and its group can be signalled', async () => {
    // The shell keeps the terminal open while `cat`, which closes it, exits.
    const worker = watchWorker(shellRequest('cat; exit 0', { tty: true }));
    expect(await worker.exited).toEqual({ code: 0, signal: null });
    const sleeper = watchWorker(requestFor(['sleep', '30'], { tty: true }));
    await sleeper.started;
    expect(sleeper.handle.signalGroup('SIGTERM')).toBe(true);
    expect(await sleeper.exited).toEqual({ code: null, signal: 'SIGTERM' });
  });

  test('a command that does not exist is the same failure as without one', async () => {
    const worker = watchWorker(requestFor(['no-such-command'], { tty: true }));
    expect(await worker.failed).toMatchObject({ code: 'MP801', exitCode: 127 });
    expect(worker.heard).toEqual(['failed']);
  });
});

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}
