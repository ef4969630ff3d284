import { hasSpareDescriptors } from '../processes/spare-descriptors.ts';
import { signalGroup } from '../processes/process-table.ts';
import type { ProbeResult } from './probe-request.ts';

/**
 * Success is exit code 0. The command has a process group of its own, which is killed as a whole when
 * the probe is over, in whatever way: a probe leaves nothing behind.
 */
export async function runExecProbe(
  argv: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ProbeResult> {
  // Loaded only where such a probe is declared: it takes longer to load than the rest of mpctl.
  const { execa } = await import('execa');
  if (signal.aborted) return { failed: 'cancelled' };
  if (!hasSpareDescriptors()) return { failed: 'too many files are open in mpctl' };
  const [file = '', ...args] = argv;
  const subprocess = execa(file, args, {
    cwd,
    env,
    extendEnv: false,
    detached: true,
    cleanup: false,
    forceKillAfterDelay: false,
    buffer: false,
    reject: false,
    stdio: 'ignore',
  });
  const { pid } = subprocess;
  if (pid !== undefined) {
    const kill = (): void => {
      signalGroup(pid, 'SIGKILL');
    };
    signal.addEventListener('abort', kill);
    subprocess.once('exit', () => signal.removeEventListener('abort', kill));
  }
  // No stream is piped, so nothing that the command leaves behind can delay this.
  const { exitCode, signal: killedBy, failed, shortMessage } = await subprocess;
  if (pid !== undefined) signalGroup(pid, 'SIGKILL');
  if (!failed) return 'ok';
  if (exitCode !== undefined) return { failed: `exit code ${exitCode}` };
  return { failed: killedBy === undefined ? (shortMessage ?? 'it could not be started') : `ended by ${killedBy}` };
}
