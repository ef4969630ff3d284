import { spawnSync } from 'node:child_process';

/**
 * Whether the make that is found in this search path takes a jobserver that is a named pipe, as from
 * version 4.4 on. Where there is none it is another program that asks, and those know them.
 */
export function readsNamedPipes(searchPath: string | undefined): boolean {
  const env = { LC_ALL: 'C', ...(searchPath === undefined ? {} : { PATH: searchPath }) };
  const { stdout } = spawnSync('make', ['--version'], { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] });
  const { major, minor } = /^GNU Make (?<major>\d+)\.(?<minor>\d+)/u.exec(stdout ?? '')?.groups ?? {};
  if (major === undefined || minor === undefined) return true;
  return Number(major) > 4 || (Number(major) === 4 && Number(minor) >= 4);
}
