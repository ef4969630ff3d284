import { describe, expect, it } from 'vitest';
import { makeJobserver } from '../../../src/engine/engine-options.ts';
import { play } from '../../rig/virtual-play.ts';
import { wait } from '../../rig/waiting-programs.ts';

/** What runs last holds nothing and takes its time, so that everything can be put back before. */
const last = 'finally: { last: { steps: [{ sleep: 10s }] } }';

const everything = `
locks: { l: }
processes:
  a: { command: sleep 7, replicas: 4 }
  b: { command: sleep 3, replicas: 3, with: l }
  c: { steps: [{ run: sleep 5 }, { run: sleep 2 }], replicas: 3 }
  d: { command: sleep 2; exit 1, restart: on_failure, max_restarts: 2, backoff: { initial: 1ms }, allow_failure: true }
pools:
  p: { workers: 4, tasks: { range: [1, 10] }, command: sleep 3, retry: { attempts: 2 } }
  q: { workers: 2, tasks: { range: [1, 4] }, with: l, command: sleep 1 }
  r: { workers: 3, tasks: { range: [1, 5] }, steps: [{ run: sleep 4 }] }
${last}
`;

describe('under make', () => {
  it.each([0, 1, 3, 50])('with %i tokens no more commands run at once than these and the one of the recipe, and all of them come back', (tokens) => {
    for (let seed = 0; seed < 25; seed += 1) {
      const played = play(everything, seed === 0 ? { makeTokens: tokens } : { makeTokens: tokens, seed });
      expect(played.mostCommands).toBeLessThanOrEqual(tokens + 1);
      expect(played.tokens.get(makeJobserver)).toBe(tokens);
      expect(played.end.exitCode).toBe(0);
    }
  });

  it('uses all tokens that it can, and `max_parallel` still holds', () => {
    expect(play(everything, { makeTokens: 3 }).mostCommands).toBe(4);
    expect(play(`max_parallel: 2\n${everything}`, { makeTokens: 3 }).mostCommands).toBe(2);
  });

  it('daemons take none', () => {
    const played = play('daemons: { d: { command: sleep 1000, replicas: 3 } }\nprocesses: { a: { command: sleep 1, depends_on: [d] } }\n', { makeTokens: 0 });
    expect(played.end.exitCode).toBe(0);
    expect(played.mostCommands).toBe(4);
  });

  it('nobody holds a lock while he waits for a token', () => {
    const played = play('locks: { l: }\nprocesses:\n  a: { command: sleep 9 }\n  b: { command: sleep 1, with: l }\n  c: { steps: [{ sleep: 1ms }, { acquire: l }, { release: l }] }\n', { makeTokens: 0 });
    expect(played.endedAt('c')).toBeLessThan(played.starts('b')[0] ?? 0);
    expect(played.end.exitCode).toBe(0);
  });

  it('to wait for a token is no deadlock, whoever has them', () => {
    const spec = 'processes:\n  a: { command: sleep 5000 }\n  b: { command: sleep 1 }\n';
    const asked = [[10, 'a 1/1', 'process.join', { name: 'b' }]] as const;
    expect(wait(`max_parallel: 1\n${spec}`, asked).end.exitCode).toBe(5);
    const played = wait(spec, asked, {}, { makeTokens: 0 });
    expect(played.of('run.deadlock')).toEqual([]);
    expect(played.end.exitCode).toBe(0);
    expect(played.of('instance.waiting').find(({ instance }) => instance === 'b')?.for).toMatchObject([{ kind: 'hold', name: 'jobserver', detail: 'token', by: ['a'] }]);
  });

  it('nothing is wanted of it any more when the run is over, as after a halt', () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const played = play('pools: { p: { workers: 4, tasks: { range: [1, 9] }, halt: { after: 1 }, command: exit 1 } }', { makeTokens: 5, seed });
      expect(played.ended('p')).toMatchObject({ state: 'failed' });
    }
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('after %s all of them come back', (signal) => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const played = play(everything, { makeTokens: 3, seed, signals: [{ atMs: 6, signal }] });
      expect(played.tokens.get(makeJobserver)).toBe(3);
      expect(played.end.signal).toBe(signal);
    }
  });
});

describe('a pool that offers one', () => {
  const offers = (more: string): string => `locks: { l: }\npools: { p: { workers: 3, jobserver: true, tasks: { range: [1, 7] }, ${more} } }\n${last}\n`;

  it.each(['command: sleep 3', 'command: sleep 3, with: l', 'steps: [{ run: sleep 3 }, { run: sleep 2 }]', 'command: sleep 2; exit 1, allow_failure: true, retry: { attempts: 2, backoff: { initial: 1ms } }'])('has all of its tokens back at the end: `%s`', (more) => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const played = play(offers(more), { seed });
      expect(played.tokens.get(`${makeJobserver}.p`)).toBe(3);
      expect(played.mostCommands).toBeLessThanOrEqual(3);
      expect(played.end.exitCode).toBe(0);
    }
  });

  it('is the one of make where there is that', () => {
    const played = play(offers('command: sleep 3'), { makeTokens: 1 });
    expect(played.mostCommands).toBe(2);
    expect([...played.tokens.keys()]).toEqual([makeJobserver]);
  });
});
