import { describe, expect, it } from 'vitest';
import { play } from '../../rig/virtual-play.ts';

const spec = (daemons: string, last: string): string => `
semaphores: { s: { permits: 2, fair: true } }
locks: { l: }
daemons: { ${daemons} }
processes: { p: { command: sleep 50 } }
finally: { t: { ${last} } }
`;
const server = 'command: trap SIGTERM 20 0; forever';
const goesOn = '{ repeat: forever, do: [{ sleep: 1s }] }';

describe('what runs in `finally` behind a daemon that waits in a line', () => {
  it.each([
    ['for what another daemon holds to its end', `one: { with: l, ${server} }, two: { depends_on: [one], steps: [{ acquire: [s, l] }, ${goesOn}] }`],
    ['before its start for that', `one: { with: l, ${server} }, two: { depends_on: [one], with: [s, l], ${server} }`],
    ['for more of the same', `one: { steps: [{ acquire: s }, ${goesOn}] }, two: { depends_on: { one: { condition: start } }, steps: [{ sleep: 5ms }, { acquire: { name: s, permits: 2 } }, ${goesOn}] }`],
  ])('comes when that is ended, and the other one stays: %s', (_, daemons) => {
    for (const last of ['steps: [{ acquire: s }, { print: got }]', 'with: s, command: print got']) {
      const played = play(spec(daemons, last));
      expect(played.lines('t')).toEqual(['got']);
      expect(played.ended('two').why).toBe('`t` of `finally` waits for its end');
      expect(played.endedAt('one')).toBeGreaterThanOrEqual(played.endedAt('t'));
      expect(played.end.exitCode).toBe(0);
    }
  });

  it('waits for one who goes on by himself', () => {
    const played = play(spec('one: { steps: [{ with: l, do: [{ sleep: 100ms }] }, { sleep: 1s }] }, two: { steps: [{ sleep: 5ms }, { acquire: [s, l] }, { release: [s, l] }, { sleep: 1s }] }', 'steps: [{ acquire: { name: s, permits: 2 } }, { print: got }]'));
    expect(played.lines('t')).toEqual(['got']);
    expect(played.ended('two').why).toBe('the run is over');
  });
});
