import type { Host, OutputStream } from './host.ts';

/**
 * Whether a stream gets colour. The nearest wish wins: `--no-color`, then `FORCE_COLOR` (`0` and `false`
 * say no, as in Node), then `NO_COLOR` when it is not empty (no-color.org), then a terminal that is
 * not `dumb`.
 */
export function wantsColor(host: Pick<Host, 'environment'>, stream: Pick<OutputStream, 'isTTY'>, flag: boolean): boolean {
  if (!flag) return false;
  const { FORCE_COLOR: forced, NO_COLOR: refused, TERM: terminal } = host.environment;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (refused !== undefined && refused !== '') return false;
  return stream.isTTY && terminal !== 'dumb';
}
