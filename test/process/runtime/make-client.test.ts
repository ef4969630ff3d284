import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openMakeJobserver } from '../../../src/runtime/jobserver/make-client.ts';
import { tempFolder } from '../../rig/temp-folder.ts';

/** What a process has open, by the number of the descriptor. */
function openFiles(pid: number): readonly (readonly [descriptor: number, file: string])[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
    try {
      return [[Number(descriptor), readlinkSync(`/proc/${pid}/fd/${descriptor}`)] as const];
    } catch {
      // The one that the folder was read by.
      return [];
    }
  });
}

describe('a jobserver that MAKEFLAGS names', () => {
  it('is none where the descriptors are those of a pipe that Node has opened for itself', () => {
    const shared = new Set(openFiles(process.ppid).map(([, file]) => file));
    const pipes = openFiles(process.pid).filter(([, file]) => file.startsWith('pipe:') && !shared.has(file));
    const pairs = pipes.flatMap(([one, file]) => pipes.filter(([other, same]) => other > one && same === file).map(([other]) => [one, other] as const));
    expect(pairs.length).toBeGreaterThan(0);
    for (const pair of pairs) expect(openMakeJobserver(` -j2 --jobserver-auth=${pair.join()}`).type).toBe('unusable');
  });

  it('is none where the descriptors are of another file, or of none', () => {
    const file = openSync('/dev/null', 'r+');
    onTestFinished(() => closeSync(file));
    expect(openMakeJobserver(` -j2 --jobserver-auth=${file},${file}`)).toMatchObject({ type: 'unusable', message: expect.stringContaining(`its descriptors ${file} and ${file} did not get here`) as unknown });
    expect(openMakeJobserver(' -j2 --jobserver-auth=9998,9999').type).toBe('unusable');
    expect(openMakeJobserver(' -j2 --jobserver-auth=-2,-2').type).toBe('unusable');
  });

  it('is one where they are of a named pipe, wherever that was opened', () => {
    const fifo = path.join(tempFolder({}), 'fifo');
    execFileSync('mkfifo', [fifo]);
    const file = openSync(fifo, 'r+');
    onTestFinished(() => closeSync(file));
    const make = openMakeJobserver(` -j2 --jobserver-auth=${file},${file}`);
    expect(make).toMatchObject({ type: 'client', jobs: 2, reopen: `/proc/${process.pid}/fd/${file}` });
    if (make.type === 'client') make.pipe.close();
  });

  it('is none where the pipe is not there, or is a file', () => {
    const folder = tempFolder({});
    const file = path.join(folder, 'file');
    expect(openMakeJobserver(` -j2 --jobserver-auth=fifo:${file}`)).toMatchObject({ type: 'unusable', message: expect.stringContaining('no such file or directory') as unknown });
    writeFileSync(file, '');
    expect(openMakeJobserver(` -j2 --jobserver-auth=fifo:${file}`)).toMatchObject({ type: 'unusable', message: expect.stringContaining('is no named pipe') as unknown });
  });

  it.each([undefined, '', 'k -j4'])('is none where `%s` names none', (makeflags) => {
    expect(openMakeJobserver(makeflags)).toEqual({ type: 'none' });
  });
});
