/**
 * Whether what is shown may be written over by what comes later: on a terminal that can move its cursor (`TERM` is not `dumb`), and not
 * in CI, where a terminal only feeds a log that keeps all of it. `CI` says so unless it is empty, `false` or `0`, as is-interactive and
 * the tools of npm have it.
 */
export function writesOver(isTTY: boolean, { TERM: terminal, CI: ci = '' }: Readonly<Record<string, string>>): boolean {
  return isTTY && terminal !== 'dumb' && ['', 'false', '0'].includes(ci);
}
