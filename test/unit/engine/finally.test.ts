import { describe, expect, it } from 'vitest';
import { play } from '../../rig/virtual-play.ts';

const server = 'trap SIGTERM 20 0; forever';

describe('a run of daemons alone', () => {
  it.each([
    ['', 'SIGTERM at 1000'],
    ['finally: { last: { command: sleep 30 } }', 'SIGTERM at 1030'],
  ])('is stopped at once when its time is over: %s', (last, signal) => {
    const played = play(`timeout: 1s\ndaemons: { d: { command: forever } }\n${last}`);
    expect(played.signalsTo('d')).toEqual([signal]);
    expect(played.end).toMatchObject({ outcome: 'timed_out', exitCode: 124 });
  });
});

describe('what finally waits for of a daemon', () => {
  it.each([
    ['its exit', `daemons: { d: { command: ${server} } }`, '{ command: print bye, depends_on: { d: { condition: exit } } }'],
    ['the exit of a daemon of steps', 'daemons: { d: { steps: [{ repeat: forever, do: [{ sleep: 10s }] }] } }', '{ command: print bye, depends_on: { d: { condition: exit } } }'],
    ['a join in its steps', `daemons: { d: { command: ${server} } }`, '{ steps: [{ join: d }, { print: bye }] }'],
    ['an event that only its exit sets', `events: { over: }\ndaemons: { d: { command: ${server}, sets: { exit: over } } }`, '{ command: print bye, wait_for: [over] }'],
    ['an event in a step that only its exit sets', `events: { over: }\ndaemons: { d: { command: ${server}, sets: { exit: over } } }`, '{ steps: [{ wait: over }, { print: bye }] }'],
    ['what it holds', `locks: { file: }\ndaemons: { d: { command: ${server}, with: file } }`, '{ command: print bye, with: file }'],
    ['what its steps have taken, and release nowhere', 'locks: { file: }\ndaemons: { d: { steps: [{ acquire: file }, { repeat: forever, do: [{ sleep: 10s }] }, { release: file }] } }', '{ command: print bye, with: file }'],
    ['what its steps never leave', 'locks: { file: }\ndaemons: { d: { steps: [{ with: file, do: [{ repeat: forever, do: [{ sleep: 10ms }] }] }] } }', '{ steps: [{ acquire: file }, { print: bye }] }'],
    ['what its steps hold while their last command runs', `locks: { file: }\ndaemons: { d: { steps: [{ acquire: file }, { run: ${server} }] } }`, '{ command: print bye, with: file }'],
  ])('ends the daemon: %s', (_, before, last) => {
    const played = play(`${before}\nprocesses: { a: { command: sleep 100 } }\nfinally: { bye: ${last} }`);
    expect(played.ended('d')).toMatchObject({ state: 'stopped', why: '`bye` of `finally` waits for its end' });
    expect(played.endedAt('bye')).toBeGreaterThanOrEqual(played.endedAt('d'));
    expect(played.endedAt('bye')).toBeLessThan(1000);
    expect(played.lines('bye')).toEqual(['bye']);
    expect(played.end).toMatchObject({ exitCode: 0, outcome: 'success' });
  });

  it.each([
    ['a release', '[{ repeat: forever, do: [{ acquire: file }, { sleep: 70ms }, { release: file }, { sleep: 30ms }] }]'],
    ['a `with` that is left', '[{ repeat: forever, do: [{ with: file, do: [{ sleep: 70ms }] }, { sleep: 30ms }] }]'],
    ['steps instead, when a time is over', '[{ acquire: file }, { acquire: other }, { acquire: other, timeout: 400ms, on_timeout: [{ release: file }, { sleep: 10s }] }]'],
  ])('leaves the daemon its time where its steps come to %s', (_, steps) => {
    const played = play(`
locks: { file: , other: }
daemons: { d: { steps: ${steps} } }
processes: { a: { command: sleep 210 } }
finally: { bye: { command: print bye, with: file } }
`);
    expect(played.lines('bye')).toEqual(['bye']);
    expect(played.ended('d')).toMatchObject({ state: 'stopped', why: 'the run is over' });
  });

  it.each([
    ['would set the event itself that the exit of a daemon sets', 'events: { over: }\ndaemons: { d: { command: SERVER, sets: { exit: over } } }', 'bye: { command: print bye, wait_for: [over], sets: { start: over } }'],
    ['joins one that joins the daemon', 'daemons: { d: { command: SERVER } }', 'other: { steps: [{ join: d }] }, bye: { steps: [{ join: other }, { print: bye }] }'],
    ['wants what one holds that joins the daemon', 'locks: { file: }\ndaemons: { d: { command: SERVER } }', 'other: { steps: [{ with: file, do: [{ sleep: 5ms }, { join: d }] }] }, bye: { steps: [{ sleep: 1ms }, { acquire: file }, { print: bye }] }'],
    ['waits at a barrier for one that joins the daemon', 'barriers: { all: { parties: 2 } }\ndaemons: { d: { command: SERVER } }', 'other: { steps: [{ join: d }, { wait: all }] }, bye: { steps: [{ wait: all }, { print: bye }] }'],
    ['waits for an item of one that joins the daemon', 'queues: { work: }\ndaemons: { d: { command: SERVER } }', 'other: { steps: [{ join: d }, { put: work, item: x }] }, bye: { steps: [{ get: work }, { print: bye }] }'],
    ['depends on one that joins the daemon', 'daemons: { d: { command: SERVER } }', 'other: { steps: [{ join: d }] }, bye: { command: print bye, depends_on: [other] }'],
  ])('ends the daemon where one of finally %s', (_, before, last) => {
    const played = play(`${before.replace('SERVER', server)}\nprocesses: { a: { command: sleep 100 } }\nfinally: { ${last} }`);
    expect(played.ended('d').why).toMatch(/of `finally` waits for its end$/);
    expect(played.endedAt('bye')).toBeLessThan(1000);
    expect(played.end).toMatchObject({ exitCode: 0 });
  });

  it('leaves the daemon where the item that one of finally waits for is on its way', () => {
    for (const ms of [36, 37, 38, 39, 40]) {
      for (let seed = 0; seed < 40; seed += 1) {
        const played = play(
          `
events: { e: }
queues: { q: }
daemons: { d: { command: ${server}, sets: { exit: e } } }
processes: { a: { command: sleep 1 } }
finally:
  f1: { steps: [{ get: q }, { sleep: 1s }, { print: done }] }
  f2: { steps: [{ sleep: ${ms}ms }, { put: q, item: x }, { wait: e }, { put: q, item: x, allow_failure: true }] }
`,
          { seed },
        );
        expect(played.endedAt('d')).toBeGreaterThan(900);
      }
    }
  });

  it('leaves the daemon that holds a permit where a process that finally has started returns one', () => {
    const played = play(`
semaphores: { s: { permits: 1, bounded: false } }
daemons: { d: { command: ${server}, with: [s] } }
processes: { a: { command: sleep 100 }, u: { autostart: false, steps: [{ sleep: 300ms }, { release: s }] } }
finally: { f1: { steps: [{ start: u }, { acquire: s }, { print: got it }] } }
`);
    expect(played.lines('f1')).toEqual(['got it']);
    expect(played.ended('d').why).toBe('the run is over');
  });

  it('may be what a process does that one of finally will start', () => {
    const played = play(`
events: { e: }
processes: { a: { command: sleep 100 }, u: { autostart: false, steps: [{ set: e }] } }
finally:
  f1: { steps: [{ wait: e }, { print: got it }] }
  f2: { steps: [{ sleep: 300ms }, { start: u }] }
`);
    expect(played.lines('f1')).toEqual(['got it']);
    expect(played.end.exitCode).toBe(0);
  });

  it('a failure that never comes skips it, and spares the run', () => {
    const played = play(`
daemons: { d: { command: ${server} } }
processes: { a: { command: sleep 1 } }
finally: { alarm: { command: print alarm, depends_on: { d: { condition: failure } } } }
`);
    expect(played.ended('alarm')).toMatchObject({ state: 'skipped' });
    expect(played.end.exitCode).toBe(0);
  });

  it('the daemon serves the others of finally first, and its dependents are stopped before it', () => {
    const played = play(`
daemons:
  db: { command: ${server} }
  api: { command: ${server}, depends_on: [db] }
processes: { a: { command: sleep 1 } }
finally:
  dump: { command: sleep 300, depends_on: [db] }
  archive: { command: sleep 5, depends_on: { db: { condition: exit } } }
  bye: { command: sleep 5, depends_on: [archive] }
`);
    expect(played.endedAt('dump')).toBe(301);
    expect(played.endedAt('api')).toBeGreaterThan(301);
    expect(played.endedAt('db')).toBe(played.endedAt('api') + 60);
    expect(played.starts('archive')).toEqual([played.endedAt('db')]);
    expect(played.ended('bye').state).toBe('succeeded');
  });

  it('a join with a limit only looks', () => {
    const played = play(`
daemons: { d: { command: ${server} } }
processes: { a: { command: sleep 1 } }
finally: { look: { steps: [{ join: d, timeout: 200ms, as: over }, { print: "\${{ vars.over }}" }] } }
`);
    expect(played.lines('look')).toEqual(['false']);
    expect(played.ended('d').why).toBe('the run is over');
  });

  it('waits for the end of a daemon that ends by itself while something else of finally runs', () => {
    const played = play(`
daemons: { d: { command: sleep 100 } }
processes: { a: { command: sleep 1 } }
finally: { slow: { command: sleep 200 }, bye: { command: print bye, depends_on: [d] } }
`.replace('[d]', '{ d: { condition: success } }'));
    expect(played.ended('d').state).toBe('succeeded');
    expect(played.lines('bye')).toEqual(['bye']);
  });
});
