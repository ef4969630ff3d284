import { describe, expect, it } from 'vitest';
import { play, type Played } from '../../rig/virtual-play.ts';

const interrupted = { signals: [{ atMs: 100, signal: 'SIGINT' as const }] };

/** The orders of the stop commands that were started. */
function stopCommands(played: Played) {
  return played.effects.flatMap((effect) => (effect.type === 'spawn' && effect.order.argv.includes('print bye') ? [effect.order] : []));
}

describe('a stop command', () => {
  it.each([
    ['a process', 'processes: { a: { command: forever, working_dir: sub, environment: { FOO: bar }, stop: { command: print bye } } }'],
    ['a task', 'pools: { a: { workers: 1, tasks: [x], command: forever, working_dir: sub, environment: { FOO: bar }, stop: { command: print bye } } }'],
  ])('of %s has its folder and its environment', (_, spec) => {
    const played = play(spec, interrupted);
    const [own] = played.effects.flatMap((effect) => (effect.type === 'spawn' ? [effect.order] : []));
    const [order] = stopCommands(played);
    expect(order?.workingDir).toBe('/project/sub');
    expect(order?.environment).toContainEqual(['FOO', 'bar']);
    expect(order?.environment).toEqual(own?.environment);
  });

  const spec = (target: string, command: string): string =>
    `processes: { a: { command: ${target}, stop: { command: ${command}, grace_period: 300ms } } }`;

  it.each([
    ['that ends in time', 'forever', 'sleep 299', ['SIGTERM at 399'], 0],
    ['that takes as long as it likes', 'forever', 'forever', ['SIGTERM at 400', 'SIGTERM at 400'], 1],
    ['that outlives its process', 'trap SIGTERM 10 0; sleep 150', 'forever', ['SIGTERM at 400'], 1],
    ['that ignores its signal', 'sleep 150', 'ignore SIGTERM; forever', ['SIGTERM at 400', 'SIGKILL at 700'], 1],
  ])('%s has the time of the grace period', (_, target, command, signals, warnings) => {
    const played = play(spec(target, command), interrupted);
    expect(played.signalsTo('a')).toEqual(signals);
    expect(`at ${played.endedMs}`).toBe(signals.at(-1)?.replace(/^SIG\w+ /u, ''));
    const message = 'the stop command of `a` was ended: it took longer than 300ms';
    expect(played.of('warning').map((event) => event.message)).toEqual(Array.from({ length: warnings }, () => message));
  });
});
