import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { type CliResult, runCli, startCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

/** `mpctl why`, of a run that goes on. */
async function whyIn(spec: string, ready: RegExp): Promise<(...argv: readonly string[]) => Promise<CliResult>> {
  const cwd = tempFolder({ 'mpctl.yaml': spec });
  const run = await startCli(['run'], { cwd, program });
  await run.waitForOutput(ready);
  return (...argv) => runCli(['why', ...argv], { cwd, program });
}

/** What it says once it says that; a program may still be on its way to where it waits. */
async function say(why: (...argv: readonly string[]) => Promise<CliResult>, name: string, text: string): Promise<void> {
  await vi.waitFor(async () => expect((await why(name)).stdout).toBe(`${text}\n`), { timeout: 10_000, interval: 10 });
}

describe('mpctl why', () => {
  const fair = `
semaphores: { slots: { permits: 3, fair: true } }
processes:
  keeper: { command: 'echo kept; exec sleep 60', with: { name: slots, permits: 2 } }
  large: { command: 'true', with: { name: slots, permits: 3 }, depends_on: { keeper: { condition: start } } }
  small: { command: 'true', with: slots, depends_on: { keeper: { condition: start } } }
`;

  it('says who is before somebody in a line that is fair, in words and as JSON', async () => {
    const why = await whyIn(fair, /kept/u);
    await say(why, 'large', 'large is waiting for `slots` (3 permits), held by `keeper`');
    await say(why, 'small', 'small is waiting for semaphore `slots`, held by `keeper`, behind `large`');
    const [{ waits }] = JSON.parse((await why('small', '--format', 'json')).stdout) as [{ readonly waits: unknown }];
    expect(waits).toEqual([{ kind: 'hold', name: 'slots', detail: 'semaphore', by: ['keeper'], behind: ['large'] }]);
  });

  it('names nobody before somebody where the line does not matter', async () => {
    const why = await whyIn(fair.replace(', fair: true', '').replace('permits: 2', 'permits: 3'), /kept/u);
    await say(why, 'small', 'small is waiting for semaphore `slots`, held by `keeper`');
  });

  const streams = `
queues: { lines: , few: { capacity: 1 } }
pipes: { link: { from: writer, to: reader, via: stdio } }
processes:
  fed: { command: cat, stdin: { queue: lines } }
  node: { command: [node, -e, "process.stdin.resume()"], stdin: { queue: lines } }
  busy: { command: 'echo there; exec sleep 60', stdin: { queue: lines } }
  full: { command: "yes", stdout: { queue: few } }
  slow: { command: sleep 60, stdin: { queue: few } }
  feeder: { command: sleep 60, stdout: { queue: lines } }
  writer: { command: sleep 60 }
  reader: { command: cat }
pools:
  both: { workers: 2, tasks: [a, b], command: cat, stdin: { queue: lines } }
`;

  it('says for what a program waits at its standard streams, in words and as JSON', async () => {
    const why = await whyIn(streams, /there/u);
    await say(why, 'fed', 'fed is running, and waits for an item of queue `lines`, can be filled by `feeder`');
    await say(why, 'node', 'node is running, and waits for an item of queue `lines`, can be filled by `feeder`');
    await say(why, 'busy', 'busy is running, and waits for nothing');
    await say(why, 'full', 'full is running, and waits for room in queue `few`, can be emptied by `slow`');
    await say(why, 'reader', 'reader is running, and waits for what comes through pipe `link`, written by `writer`');
    await say(why, 'writer', 'writer is running, and waits for nothing');
    await say(why, 'both', 'both is running, and waits for an item of queue `lines`, can be filled by `feeder`');
    const [fed] = JSON.parse((await why('fed', '--format', 'json')).stdout) as [{ readonly waits: unknown }];
    expect(fed.waits).toEqual([{ kind: 'queue', name: 'lines', detail: 'get', by: ['feeder'] }]);
    const [both] = JSON.parse((await why('both', '--format', 'json')).stdout) as [{ readonly slots: readonly { readonly waits: unknown }[] }];
    expect(both.slots.map(({ waits }) => waits)).toEqual([fed.waits, fed.waits]);
  });
});
