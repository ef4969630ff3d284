import path from 'node:path';
import { main } from '../../cmd/main.ts';
import type { Exit } from '../../cmd/exit.ts';
import type { Host, OutputStream } from '../../cmd/host.ts';
import { ok } from '../../src/base/result.ts';

/** A stream that keeps what is written. */
class CollectingStream implements OutputStream {
  readonly isTTY: boolean;
  readonly columns: number | null;
  readonly rows = null;
  text = '';

  constructor(isTTY: boolean, columns: number | null) {
    this.isTTY = isTTY;
    this.columns = columns;
  }

  write(text: string): void {
    this.text += text;
  }

  pendingBytes(): number {
    return 0;
  }

  onCaughtUp(): void {}

  onReaderGone(): void {}
}

/** The world that a call within the test process sees. */
export interface CallOptions {
  /** Absolute; the folder of this file without it. */
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly platform?: NodeJS.Platform;
  readonly input?: string;
  /** Both streams are terminals of so many columns. */
  readonly columns?: number;
  /** Any other part of the host. */
  readonly host?: Partial<Host>;
}

/** How a call within the test process ended. */
export interface CallResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: Exit;
}

/** Calls the command line within the test process: no start of a process, for everything that starts none. */
export async function callMain(argv: readonly string[], options: CallOptions = {}): Promise<CallResult> {
  const stdout = new CollectingStream(options.columns !== undefined, options.columns ?? null);
  const stderr = new CollectingStream(options.columns !== undefined, options.columns ?? null);
  const exit = await main({
    argv,
    environment: options.environment ?? {},
    workingDir: options.cwd ?? path.resolve(import.meta.dirname),
    hasWorkingDir: true,
    platform: options.platform ?? 'linux',
    architecture: 'x64',
    nodeVersion: '20.19.0',
    stdout,
    stderr,
    readStandardInput: () => ok(new TextEncoder().encode(options.input ?? '')),
    ...options.host,
  });
  return { stdout: stdout.text, stderr: stderr.text, exit };
}
