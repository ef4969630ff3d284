import { constants } from 'node:os';
import { slotShellPath } from './subshell-script.ts';

/** What strsignal(3) of glibc and of musl says, which is what shells say of a command that a signal has ended. */
const texts: ReadonlyMap<string, NodeJS.Signals> = new Map([
  ['Hangup', 'SIGHUP'],
  ['Quit', 'SIGQUIT'],
  ['Illegal instruction', 'SIGILL'],
  ['Trace/breakpoint trap', 'SIGTRAP'],
  ['Aborted', 'SIGABRT'],
  ['Bus error', 'SIGBUS'],
  ['Floating point exception', 'SIGFPE'],
  ['Arithmetic exception', 'SIGFPE'],
  ['Killed', 'SIGKILL'],
  ['User defined signal 1', 'SIGUSR1'],
  ['Segmentation fault', 'SIGSEGV'],
  ['User defined signal 2', 'SIGUSR2'],
  ['Alarm clock', 'SIGALRM'],
  ['Terminated', 'SIGTERM'],
  ['Stack fault', 'SIGSTKFLT'],
  ['CPU time limit exceeded', 'SIGXCPU'],
  ['File size limit exceeded', 'SIGXFSZ'],
  ['Virtual timer expired', 'SIGVTALRM'],
  ['Profiling timer expired', 'SIGPROF'],
  ['I/O possible', 'SIGIO'],
  ['Power failure', 'SIGPWR'],
  ['Bad system call', 'SIGSYS'],
]);

const names = new Map<number, NodeJS.Signals>();
for (const name of Object.keys(constants.signals)) {
  if (isSignalName(name) && !names.has(constants.signals[name])) names.set(constants.signals[name], name);
}

function isSignalName(name: string): name is NodeJS.Signals {
  return Object.hasOwn(constants.signals, name);
}

/** The signal that a status of a shell above 128 stands for; null where there is none. */
export function signalOfStatus(status: number): NodeJS.Signals | null {
  return status > 128 ? (names.get(status - 128) ?? null) : null;
}

const lines = [...texts].flatMap(([words, signal]) => [`${words}\n`, `${words} (core dumped)\n`].map((line) => ({ line, signal })));
/** With this it begins what it says of itself, as that it cannot fork. */
const ownWords = `${slotShellPath}: `;
const mostOwnBytes = 200;
const beginnings: ReadonlySet<string> = new Set([ownWords, ...lines.map(({ line }) => line)].flatMap((line) => Array.from(line, (_, index) => line.slice(0, index + 1))));
const mostBytes = Math.max(...lines.map(({ line }) => line.length));

/** The words at the end of what a command has written by which the shell says what has ended it; null where there are none. */
export function signalWords(tail: Buffer): { readonly signal: NodeJS.Signals; readonly bytes: number } | null {
  const text = tail.toString('latin1');
  const end = lines.find(({ line }) => text.endsWith(line));
  return end === undefined ? null : { signal: end.signal, bytes: end.line.length };
}

/** How many of the last bytes are such words, or may be their beginning. */
export function bytesOfWordsBegun(written: Buffer): number {
  const tail = written.toString('latin1', Math.max(written.length - mostBytes, 0));
  for (let from = 0; from < tail.length; from += 1) if (beginnings.has(tail.slice(from))) return tail.length - from;
  const lastLine = written.toString('latin1', Math.max(written.length - mostOwnBytes, 0)).match(/[^\n]*\n?$/u)?.[0] ?? '';
  return lastLine.startsWith(ownWords) ? lastLine.length : 0;
}
