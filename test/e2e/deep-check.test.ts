import { spawn } from '@lydell/node-pty';
import { expect, it, onTestFinished } from 'vitest';
import { currentCli } from '../rig/current-cli.ts';
import { startCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const seats = Array.from({ length: 24 }, (_, seat) => seat);
const forkOf = (seat: number): string => `f${String(seat % seats.length)}`;

/** Philosophers, of whom one is kept out of the room: there are 10^11 states and more, and no order. */
const large = `locks: { ${seats.map((seat) => `${forkOf(seat)}: null`).join(', ')} }
semaphores: { room: ${String(seats.length - 1)} }
processes:
${seats.map((seat) => `  p${String(seat)}: { steps: [{ acquire: room }, { acquire: ${forkOf(seat)} }, { acquire: ${forkOf(seat + 1)} }, { release: ${forkOf(seat)} }, { release: [room, ${forkOf(seat + 1)}] }] }`).join('\n')}
`;

const progress = /(?<states>\d+) of at most 10000000 states/u;

it('`check --deep` tells in whole lines how far it has come where nobody looks on, and Ctrl-C ends it', async () => {
  const run = await startCli(['check', '--deep'], { cwd: tempFolder({ 'mpctl.yaml': large }) });
  await run.waitForOutput(progress, 'stderr');
  run.kill('SIGINT');
  const { stdout, stderr, signal } = await run.result;
  expect({ stdout, signal }).toEqual({ stdout: '', signal: 'SIGINT' });
  expect(stderr).toMatch(new RegExp(`^(?:${progress.source.replace('?<states>', '?:')}\n)+$`, 'u'));
});

it('`check --deep` tells on a terminal in one line how far it has come, and Ctrl-C ends it', async () => {
  const cwd = tempFolder({ 'mpctl.yaml': large });
  const terminal = spawn(process.execPath, [await currentCli(), 'check', '--deep'], { cwd, cols: 100, rows: 20, env: { PATH: process.env['PATH'], HOME: cwd, TERM: 'xterm' } });
  onTestFinished(() => {
    terminal.kill('SIGKILL');
  });
  let text = '';
  const ended = new Promise<number | undefined>((resolve) => {
    terminal.onExit(({ signal }) => resolve(signal));
  });
  // The second time in the same line.
  await new Promise<void>((resolve) => {
    terminal.onData((data) => {
      text += data;
      if (text.split('of at most').length > 2) resolve();
    });
  });
  expect(text.replaceAll(/\d+ of/gu, 'N of').split('\u001B[K\r').slice(0, 2)).toEqual(['\rN of at most 10000000 states', '\rN of at most 10000000 states']);
  terminal.write('\u0003');
  expect(await ended).toBe(2);
});
