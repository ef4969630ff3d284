import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { exitCodes } from '../src/base/exit-codes.ts';
import { makeDiagnostic } from '../src/diagnostics/make-diagnostic.ts';
import { findNamespace } from '../src/runtime/containment/find-namespace.ts';
import { processOneScript, unshareScript } from '../src/runtime/containment/namespace-script.ts';
import { type OnParentExit, watchForeground } from '../src/runtime/foreground.ts';
import { outsideVariable } from '../src/runtime/outside.ts';
import { listenToSignals } from '../src/runtime/signals.ts';
import { systemErrorText } from '../src/runtime/system-error-text.ts';
import type { CommandContext } from './context.ts';
import { exitWith, type Exit } from './exit.ts';

/**
 * Calls mpctl again as it was called, in a PID namespace: whatever that one starts ends with it. This one passes on the
 * signals that it is sent, and ends as that one does.
 *
 * @param input what was read of standard input; null where nobody has read there
 * @param onParentExit what the end of whoever has called this one does
 */
export async function runInNamespace(context: CommandContext, input: Uint8Array | null, onParentExit: OnParentExit): Promise<Exit> {
  const { host } = context;
  const maker = findNamespace(host.environment);
  if (maker.type === 'none') {
    const { why, hint } = maker;
    context.printDiagnostics([makeDiagnostic('MP830', `\`containment: pidns\` cannot be had: ${why}`, { hint })]);
    return exitWith(exitCodes.environment);
  }
  const itself = [process.execPath, ...process.execArgv, process.argv[1] ?? '', ...host.argv];
  const unshare = ['unshare', ...maker.words, '--', '/bin/sh', '-c', processOneScript, 'mpctl-namespace', ...itself];
  const child = spawn('/bin/sh', ['-c', unshareScript, 'mpctl-namespace', ...unshare], {
    env: { ...host.environment, ...outsideVariable() },
    // The leash is never written to: it ends with this process.
    stdio: [input === null ? 'inherit' : 'pipe', 'inherit', 'inherit', 'pipe', 'pipe'],
  });
  let failure: Error | null = null;
  child.once('error', (error) => {
    failure = error;
  });
  // Where there are too few descriptors there are no streams either, and the error comes in the next turn.
  const line: unknown = child.pid === undefined ? undefined : child.stdio[4];
  if (!(line instanceof Duplex)) {
    await nextTurn();
    const why = failure === null ? 'it has no line to it' : systemErrorText(failure);
    context.printDiagnostics([makeDiagnostic('MP830', `\`containment: pidns\` cannot be had: \`/bin/sh\` cannot be started: ${why}`, { hint: null })]);
    return exitWith(exitCodes.environment);
  }
  const stopListening = listenToSignals((signal) => line.write(`${signal}\n`));
  const stopWatching = watchForeground(onParentExit, () => line.write('orphaned\n'));
  try {
    if (input !== null) feed(child, input);
    return await endOf(child, line);
  } finally {
    stopListening();
    stopWatching();
  }
}

/** A spec that is refused meanwhile is not read to its end. */
function feed({ stdin }: ChildProcess, input: Uint8Array): void {
  stdin?.on('error', () => {});
  stdin?.end(input);
}

async function endOf(child: ChildProcess, line: Duplex): Promise<Exit> {
  let said = '';
  line.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  // Of a line whose other end was killed.
  line.on('error', () => {});
  const ended = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve(exitOf(code, signal)));
  });
  // Not `once` of `node:events`, which takes an error of the line for its own: what was not read within may reset it.
  const closed = new Promise<void>((resolve) => {
    line.once('close', () => resolve());
  });
  const [exit] = await Promise.all([ended, closed]);
  return toldExit(said) ?? exit;
}

/** What the mpctl inside has said of its end; null where it was killed before it could. */
function toldExit(said: string): Exit | null {
  const { code, signal } = /^(?:code (?<code>\d+)|signal (?<signal>\w+))$/u.exec(said.trim())?.groups ?? {};
  if (code !== undefined) return exitWith(Number(code));
  return signal === undefined ? null : signalExit(signal);
}

/** The same by the status of what stands between both: a shell says 128+n where signal n has ended what it has waited for. */
function exitOf(code: number | null, signal: NodeJS.Signals | null): Exit {
  if (signal !== null) return { type: 'signal', signal };
  const name = Object.entries(constants.signals).find(([, number]) => number + 128 === code)?.[0];
  return name === undefined ? exitWith(code ?? exitCodes.bug) : signalExit(name);
}

function signalExit(name: string): Exit {
  return isSignal(name) ? { type: 'signal', signal: name } : exitWith(exitCodes.bug);
}

function isSignal(name: string): name is NodeJS.Signals {
  return Object.hasOwn(constants.signals, name);
}
