import { describe, expect, it } from 'vitest';
import { readSystemCall } from '../../../src/runtime/processes/system-call.ts';

/** As /proc has it: the number, the arguments, the stack pointer and the place in the program. */
function line(number: number, ...given: readonly number[]): string {
  const six = [...given, 0, 0, 0, 0, 0, 0].slice(0, 6);
  return `${number} ${[...six, 0x7ffd35cf3b68, 0x7fa561041bd3].map((word) => `0x${word.toString(16)}`).join(' ')}\n`;
}

describe('a thread waits', () => {
  it.each([
    ['for a child', line(61, 0xffffffff, 0x7ffd35cf3b7c, 0), 'x64', { type: 'child' }],
    ['for a child that may be stopped as well', line(61, 0xffffffff, 0, 2), 'x64', { type: 'child' }],
    ['for one of several children', line(247, 0, 0, 0, 4), 'x64', { type: 'child' }],
    ['for another thread', line(202, 0x7ffba4000b70, 0x189, 0, 0), 'x64', { type: 'thread' }],
    ['for any signal', line(130, 0x7fffa7f3e6c0, 8), 'x64', { type: 'signal' }],
    ['for an answer', line(45, 5, 0x7f, 65536), 'x64', { type: 'receive', descriptor: 5 }],
    ['for the end of a pipe', line(0, 3, 0x7f, 4096), 'x64', { type: 'read', descriptor: 3 }],
    ['for room in a pipe', line(1, 3, 0x7f, 4096), 'x64', { type: 'write', descriptor: 3 }],
    ['for a child, on another architecture', line(260, 0xffffffff), 'arm64', { type: 'child' }],
    ['for whatever an epoll hears first', line(281, 13, 0x7f, 1024, 0xffffffff, 0, 8), 'x64', { type: 'epoll', descriptor: 13, hasLimit: false }],
    ['for it where the time is a long number', '232 0xd 0x7f 0x400 0xffffffffffffffff 0x0 0x8 0x7ffd35cf3b68 0x7fa561041bd3', 'x64', { type: 'epoll', descriptor: 13, hasLimit: false }],
    ['for it as long as it takes to look', line(281, 13, 0x7f, 1024, 0, 0, 8), 'x64', { type: 'epoll', descriptor: 13, hasLimit: true }],
    ['for it with a limit, on another architecture', line(22, 13, 0x7f, 1024, 0x3e8, 0, 8), 'arm64', { type: 'epoll', descriptor: 13, hasLimit: true }],
    ['for it where the limit is a time in memory', line(441, 13, 0x7f, 1024, 0x7ffd, 0, 8), 'x64', { type: 'epoll', descriptor: 13, hasLimit: true }],
    ['for it where there is no such time', line(441, 13, 0x7f, 1024, 0, 0, 8), 'arm64', { type: 'epoll', descriptor: 13, hasLimit: false }],
    ['for whatever a poll hears first', line(7, 0x7f00, 3, 0xffffffff), 'x64', { type: 'poll', address: 0x7f00n, count: 3, hasLimit: false }],
    ['for it with a limit', line(7, 0x7f00, 3, 1000), 'x64', { type: 'poll', address: 0x7f00n, count: 3, hasLimit: true }],
    ['for it where there is no time in memory', line(271, 0x7f00, 3, 0), 'x64', { type: 'poll', address: 0x7f00n, count: 3, hasLimit: false }],
    ['for it with one, on another architecture', line(73, 0x7f00, 3, 0x7ffd), 'arm64', { type: 'poll', address: 0x7f00n, count: 3, hasLimit: true }],
    ['for whatever a select hears first', line(23, 4, 0x7f00, 0, 0, 0), 'x64', { type: 'select', below: 4, read: 0x7f00n, write: 0n, except: 0n, hasLimit: false }],
    ['for it with a limit in memory', line(270, 4, 0x7f00, 0x8f00, 0x9f00, 0x7ffd), 'x64', { type: 'select', below: 4, read: 0x7f00n, write: 0x8f00n, except: 0x9f00n, hasLimit: true }],
    ['for it, on another architecture', line(72, 4, 0, 0x8f00), 'arm64', { type: 'select', below: 4, read: 0n, write: 0x8f00n, except: 0n, hasLimit: false }],
    ['for an answer, on another architecture', line(207, 5), 'arm64', { type: 'receive', descriptor: 5 }],
  ])('%s', (_, text, architecture, expected) => {
    expect(readSystemCall(text, architecture)).toEqual(expected);
  });
});

describe('it cannot be known that a thread waits', () => {
  it.each([
    ['that runs', 'running\n', 'x64'],
    ['that sleeps outside of a system call', '-1 0x7ffd35cf3b68 0x7fa561041bd3\n', 'x64'],
    ['whose file cannot be read', '', 'x64'],
    ['that only looks whether a child has ended', line(61, 0xffffffff, 0, 1), 'x64'],
    ['that only looks for one of several children', line(247, 0, 0, 0, 5), 'x64'],
    ['that waits for another with a limit', line(202, 0x7ffba4000b70, 0x189, 0, 0x7ffd35cf3b68), 'x64'],
    ['that waits in memory that it may share with other programs', line(202, 0x7ffba4000b70, 0x109), 'x64'],
    ['that wakes another one', line(202, 0x7ffba4000b70, 0x81), 'x64'],
    ['that sleeps', line(230, 1), 'x64'],
    ['on an architecture whose numbers are not known', line(61, 0xffffffff), 'riscv64'],
  ])('%s', (_, text, architecture) => {
    expect(readSystemCall(text, architecture)).toBeNull();
  });
});
