import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SlotPipe } from '../../../src/runtime/processes/slot-pipe.ts';
import { SlotSource } from '../../../src/runtime/processes/slot-source.ts';
import { temporaryFifos, until } from './worker-harness.ts';

/** A pipe of a shell, and what is read of one command that has it open. */
function oneCommand(hasWords: boolean): { source: SlotSource; pipe: SlotPipe; write: (text: string) => void; end: () => void; seen: () => string; hasEnded: () => boolean } {
  const fifos = temporaryFifos();
  const pipe = SlotPipe.open(fifos.takeNow() ?? '', fifos);
  if (pipe === null) throw new Error('there is no pipe');
  const source = new SlotSource(pipe, hasWords);
  const fd = openSync(pipe.path, 'a');
  let seen = '';
  let hasEnded = false;
  source.listen(
    (chunk) => {
      seen += chunk.toString();
    },
    () => {
      hasEnded = true;
    },
  );
  return { source, pipe, write: (text) => writeSync(fd, text), end: () => closeSync(fd), seen: () => seen, hasEnded: () => hasEnded };
}

test('what may be the words of a shell is kept back until it is none, in whatever pieces it comes', () => {
  const { source, write, end, seen } = oneCommand(true);
  for (const [text, delivered] of [['a\nSegmentation', 'a\n'], [' fault\n', 'a\n'], ['b\n', 'a\nSegmentation fault\nb\n'], ['Killed\n', 'a\nSegmentation fault\nb\n']] as const) {
    write(text);
    expect(source.readRest()).toBe(false);
    expect(seen()).toBe(delivered);
  }
  end();
  expect(source.commandEnded()).toBe(true);
  expect(source.takeWords('SIGTERM')).toBe(false);
  expect(source.takeWords('SIGKILL')).toBe(true);
  source.endTold();
  expect(source.readRest()).toBe(true);
  expect(seen()).toBe('a\nSegmentation fault\nb\n');
});

test('words that nobody asks for were written by the command', () => {
  const { source, write, end, seen } = oneCommand(true);
  write('Terminated\nKill');
  end();
  expect([source.commandEnded(), source.takeWords('SIGKILL'), source.isEmpty]).toEqual([true, false, false]);
  source.endTold();
  expect(source.readRest()).toBe(true);
  expect(seen()).toBe('Terminated\nKill');
});

test('nothing is delivered between the end of the command and the moment when that was told', () => {
  const { source, write, end, seen } = oneCommand(false);
  write('early ');
  source.readRest();
  write('late');
  end();
  source.commandEnded();
  expect(seen()).toBe('early ');
  expect(source.isEmpty).toBe(false);
  source.endTold();
  expect(source.readRest()).toBe(true);
  expect(seen()).toBe('early late');
});

test('what was watched while it was paused comes before what is still in the pipe, and both when it goes on', async () => {
  const { source, write, end, seen, hasEnded } = oneCommand(false);
  source.watch();
  write('first ');
  await until(() => seen() === 'first ', 'the pipe is watched');
  source.pause();
  write('a'.repeat(30_000));
  // One chunk more is taken after the pause: an event loop later it is in the buffer of the socket.
  for (let turn = 0; turn < 20; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  write('b'.repeat(5000));
  end();
  expect(source.commandEnded()).toBe(true);
  source.endTold();
  expect([seen(), hasEnded()]).toEqual(['first ', false]);
  source.resume();
  expect([seen(), hasEnded()]).toEqual([`first ${'a'.repeat(30_000)}${'b'.repeat(5000)}`, true]);
});

test('who still writes when the command has ended is heard to his end', async () => {
  const { source, write, end, seen, hasEnded } = oneCommand(false);
  expect(source.commandEnded()).toBe(false);
  source.endTold();
  source.watch();
  write('late');
  await until(() => seen() === 'late', 'it is heard');
  expect(hasEnded()).toBe(false);
  end();
  await until(hasEnded, 'the end is heard');
});

test('a pipe serves another shell when its last reader has gone and its end was read, and else is removed', () => {
  const clean = oneCommand(false);
  clean.end();
  expect(clean.source.commandEnded()).toBe(true);
  clean.pipe.release();
  clean.source.destroy();
  expect(existsSync(clean.pipe.path)).toBe(true);
  const stillOpen = oneCommand(false);
  expect(stillOpen.source.commandEnded()).toBe(false);
  stillOpen.source.destroy();
  expect(existsSync(stillOpen.pipe.path)).toBe(true);
  stillOpen.pipe.release();
  expect(existsSync(stillOpen.pipe.path)).toBe(false);
  stillOpen.end();
});
