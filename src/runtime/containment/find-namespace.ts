import { spawnSync } from 'node:child_process';
import { findCommand } from '../processes/find-command.ts';

/** How a PID namespace is made. */
export type NamespaceMaker =
  /** What `unshare` is called with. */
  | { readonly type: 'words'; readonly words: readonly string[] }
  /** A clause for people, and what they can do. */
  | { readonly type: 'none'; readonly why: string; readonly hint: string };

const always = ['--pid', '--fork', '--mount-proc', '--kill-child'];
/** A user who is not root may do it in a user namespace, where that is allowed to him. */
const asUser = ['--user', '--map-current-user', ...always];
const otherLevels = '`mpctl doctor` says what else can be had';
const patienceMs = 5000;

/** Tries how this process can have a PID namespace for what it starts. */
export function findNamespace(environment: Readonly<Record<string, string | undefined>>): NamespaceMaker {
  if (process.platform !== 'linux') return { type: 'none', why: `there are no PID namespaces on ${process.platform}`, hint: otherLevels };
  if (findCommand('unshare', '/', environment['PATH']).type !== 'executable') return { type: 'none', why: 'there is no `unshare` (util-linux) in `PATH`', hint: 'install util-linux' };
  let why = '';
  for (const words of process.getuid?.() === 0 ? [always, asUser] : [asUser]) {
    const { status, stderr } = spawnSync('unshare', [...words, 'true'], { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: environment['PATH'] }, timeout: patienceMs });
    if (status === 0) return { type: 'words', words };
    why ||= stderr?.trim().split('\n')[0] ?? '';
  }
  const hint = `root may, and a user where user namespaces are allowed to him; ${otherLevels}`;
  return { type: 'none', hint, why: why === '' ? '`unshare` did not do it' : `\`unshare\` says: ${why.replace(/^unshare: /u, '')}` };
}
