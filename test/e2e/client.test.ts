import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const root = path.join(import.meta.dirname, '..', '..');
const client = JSON.stringify(pathToFileURL(path.join(root, 'dist', 'client.js')).href);

/** Runs a spec with workers in TypeScript; each is started by `command: [node, --import, TSX, NAME.ts]`. */
async function run(spec: string, workers: Readonly<Record<string, string>>) {
  const files: Record<string, string> = { 'mpctl.yaml': spec };
  for (const [name, text] of Object.entries(workers)) files[`${name}.mts`] = text.replaceAll("'mpctl/client'", client);
  const cwd = tempFolder(files);
  const loader = pathToFileURL(path.join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href;
  const { stdout, stderr, exitCode } = await runCli(['run'], {
    cwd,
    program: path.join(root, 'dist', 'mpctl.cjs'),
    environment: { PATH: [path.dirname(process.execPath), process.env['PATH']].join(path.delimiter), NODE_OPTIONS: `--import=${loader}` },
  });
  const printed = (name: string): readonly unknown[] =>
    stdout.split('\n').flatMap((line) => (line.startsWith(`[${name}] `) ? [JSON.parse(line.slice(name.length + 3)) as unknown] : []));
  return { printed, exitCode, stdout, stderr };
}

const head = `
import * as client from 'mpctl/client';
const { connect, worker, MpctlError } = client;
const run = await connect();
const print = (value: unknown) => console.log(JSON.stringify(value));
const kindOf = async (what: Promise<unknown>) =>
  what.then((value) => ['no error', value], (error) => error instanceof MpctlError && error instanceof client[error.name] ? [error.name, error.kind] : String(error));
`;

it('refuses options that it does not know, wherever there are some', async () => {
  const { printed } = await run(
    `
locks: { file: }
semaphores: { slots: 1 }
events: { go: { set: true } }
queues: { q: }
processes: { a: { command: [node, a.mts], uses: { q: [put, get] } } }
`,
    {
      a: `${head}
const said = (what) => what.then(() => 'nothing', ({ message }) => message);
print([
  await said(run.lock('file').acquire({ timeout: 1 })),
  await said(run.semaphore('slots').acquire({ permit: 1 })),
  await said(run.event('go').wait({ timeoutMS: 1 })),
  await said(run.queue('q').put('x', { priorty: 1 })),
  await said(run.queue('q').get({ block: false })),
  await said(run.queue('q').items({ ahed: 1 }).next()),
  await said(run.event('go').wait({ timeoutMs: 1000, signal: undefined })),
]);
`,
    },
  );
  expect(printed('a')).toEqual([[
    'there is no option `timeout` (did you mean `timeoutMs`?)',
    'there is no option `permit` (did you mean `permits`?)',
    'there is no option `timeoutMS` (did you mean `timeoutMs`?)',
    'there is no option `priorty` (did you mean `priority`?)',
    'there is no option `block` (the options are `timeoutMs`, `signal`)',
    'there is no option `ahed` (did you mean `ahead`?)',
    'nothing',
  ]]);
});

it('takes locks and permits, which its connection holds', async () => {
  const { printed, exitCode, stdout } = await run(
    `
locks: { file: , tree: { reentrant: true }, other: }
semaphores: { slots: { permits: 2, bounded: true } }
processes:
  a: { command: [node, a.mts] }
  b: { depends_on: [a], command: [node, b.mts] }
`,
    {
      a: `${head}
{
  await using held = await run.lock('file', 'other').acquire({ timeoutMs: 5000 });
  print([held.tokens, held.ownerDied]);
  print(await kindOf(run.lock('file').acquire({ timeoutMs: 0 })));
  print(await kindOf(run.lock('file').acquire({ timeoutMs: 5 })));
  print(await run.lock('other').tryAcquire());
}
let inside = 0;
let most = 0;
await Promise.all(Array.from({ length: 20 }, async () => {
  await using _ = await run.lock('file').acquire();
  inside += 1;
  most = Math.max(most, inside);
  await run.event;
  inside -= 1;
}));
print(most);
const thread = run.thread('writer').lock('file');
const held = await thread.acquire();
print(await kindOf(thread.acquire()));
await held.release();
print(await kindOf(held.release()));
print(await kindOf(run.lock('file').release()));
const tree = run.rlock('tree');
const outer = await tree.acquire();
const inner = await tree.acquire();
print(await run.thread('other').rlock('tree').tryAcquire());
await inner.release();
await outer.release();
print((await tree.look()).free);
await using permits = await run.semaphore('slots').acquire({ permits: 2 });
print([await run.semaphore('slots').tryAcquire(), (await run.semaphore('slots').look()).free]);
await permits.release();
print(await kindOf(run.semaphore('slots').release()));
print(await kindOf(run.lock('nothing').acquire()));
await run.lock('file').acquire(); // Never released: the end of the process does it.
`,
      b: `${head}
await using held = await run.lock('file').acquire({ timeoutMs: 0 });
print([worker()?.process, held.token > 1]);
`,
    },
  );
  expect(stdout).toContain('success');
  expect(printed('a')).toEqual([
    [{ file: 1, other: 1 }, []],
    ['WouldBlock', 'would_block'],
    ['TimedOut', 'timed_out'],
    null,
    1,
    ['Deadlock', 'deadlock'],
    ['NotOwner', 'not_owner'],
    ['NotOwner', 'not_owner'],
    null,
    1,
    [null, 0],
    ['Refused', 'refused'],
    ['NotFound', 'not_found'],
  ]);
  expect(printed('b')).toEqual([['b', true]]);
  expect(exitCode).toBe(0);
});

it('goes through queues and pipes until their end of stream', async () => {
  const { printed, exitCode } = await run(
    `
queues: { work: , small: { capacity: 2 } }
pipes: { link: { between: [producer, consumer] } }
processes:
  producer: { uses: { work: put, small: [put, get] }, command: [node, producer.mts] }
  consumer: { uses: { work: [get, task_done] }, command: [node, consumer.mts] }
`,
    {
      producer: `${head}
const work = run.queue('work');
print(await work.putAll(Array.from({ length: 5000 }, (_, index) => ({ index }))));
await work.join();
await work.close();
print(await kindOf(work.put(1)));
print(await kindOf(work.get()));
const small = run.queue('small');
print(await small.putAll([1, 2, 3], { timeoutMs: 0 }));
print(await kindOf(small.put(4, { timeoutMs: 0 })));
print(await small.look());
print([await small.get(), await small.getSome(5)]);
print(await kindOf(small.get({ timeoutMs: 0 })));
await small.close();
print(await kindOf(small.get()));
const link = run.pipe('link');
await link.send({ round: 1 });
print([await link.poll({ timeoutMs: 60_000 }), await link.recv(), await link.poll()]);
await link.close();
print(await kindOf(link.send(1)));
`,
      consumer: `${head}
let sum = 0;
for await (const item of run.queue('work')) {
  sum += typeof item === 'object' && item !== null && 'index' in item ? Number(item.index) : NaN;
  await run.queue('work').taskDone();
}
print(sum);
for await (const message of run.pipe('link')) await run.pipe('link').send(message);
print(await kindOf(run.pipe('link').recv()));
`,
    },
  );
  expect(printed('consumer')).toEqual([12_497_500, ['Closed', 'end_of_stream']]);
  expect(printed('producer')).toEqual([
    5000,
    ['AlreadyClosed', 'closed'],
    ['NotDeclared', 'not_declared'],
    2,
    ['Full', 'full'],
    { size: 2, inHand: 0, unfinished: 2, capacity: 2, hasEnded: false },
    [1, [2]],
    ['Empty', 'empty'],
    ['Closed', 'end_of_stream'],
    [true, { round: 1 }, false],
    ['AlreadyClosed', 'closed'],
  ]);
  expect(exitCode).toBe(0);
});

it('meets others, shares values, submits tasks and handles processes', async () => {
  const { printed, exitCode } = await run(
    `
locks: { guard: }
events: { go: , here: }
conditions: { changed: { lock: guard } }
barriers: { start: { parties: 2 } }
values: { counter: 0 }
pools: { hash: { workers: 2, command: 'test "$MPCTL_ITEM" != bad; test "$MPCTL_ITEM" != slow || until test -e r; do sleep 0.01; done; : > "$MPCTL_ITEM"; echo "<$MPCTL_ITEM>"', allow_failure: true } }
processes:
  a: { readiness_probe: { notify: true }, uses: { go: set, start: wait, changed: notify, hash: submit, extra: start }, command: [node, a.mts] }
  b: { depends_on: { a: { condition: ready } }, uses: { here: set, start: wait }, command: [node, b.mts] }
  extra: { autostart: false, command: 'exit 7', success_exit_codes: [7] }
`,
    {
      a: `${head}
await run.ready();
await run.event('here').wait();
{
  await using _ = await run.lock('guard').acquire();
  await run.value('counter').set(1);
  await run.condition('changed').notifyAll();
}
print(await kindOf(run.condition('changed').notify()));
print([await run.event('go').isSet(), await kindOf(run.event('go').wait({ timeoutMs: 0 }))]);
await run.event('go').set();
const place = await run.barrier('start').wait();
print([0, 1].includes(place));
await run.barrier('start').abort();
print(await kindOf(run.barrier('start').wait()));
print((await run.barrier('start').look()).isBroken);
const counter = run.value('counter');
print([await counter.add(), await counter.compareAndSet(2, [2]), await counter.compareAndSet(2, 3), await counter.get()]);
const hash = run.pool('hash');
print(await hash.map(['x', 'y', 'z']));
const task = await hash.submit('bad');
print([task.index, await kindOf(task.result())]);
const inOrder: unknown[] = [];
for await (const value of hash.imap(Array.from({ length: 600 }, (_, number) => number))) inOrder.push(value);
print(inOrder.length === 600 && inOrder.every((value, number) => value === '<' + number + '>'));
function* withoutEnd(): Generator<string> {
  for (let number = 0; ; number += 1) yield 'n' + number;
}
for await (const value of hash.imap(withoutEnd())) {
  print(value);
  break;
}
const asTheyEnd: unknown[] = [];
for await (const value of hash.imapUnordered(['slow', 'p', 'q', 'r'])) asTheyEnd.push(value);
print([asTheyEnd[0] === '<slow>', asTheyEnd.toSorted()]);
const failing = async (): Promise<void> => {
  for await (const value of hash.imap(['x', 'bad', 'y'])) print(value);
};
print(await kindOf(failing()));
await hash.close();
await hash.join();
const extra = run.process('extra');
print(await extra.isAlive());
await extra.start();
print([await extra.join({ timeoutMs: 60_000 }), await extra.isAlive()]);
print((await run.processes()).map(({ name }) => name));
const controller = new AbortController();
setImmediate(() => controller.abort());
print(await kindOf(run.process('b').join({ signal: controller.signal })));
await run.shutdown(3);
`,
      b: `${head}
{
  await using _ = await run.lock('guard').acquire();
  await run.event('here').set();
  await run.condition('changed').waitFor(async () => (await run.value('counter').get()) === 1, { timeoutMs: 60_000 });
  print('changed');
}
await run.event('go').wait();
await run.barrier('start').wait();
await run.event('never').wait().catch(() => {});
setInterval(() => {}, 1000); // Lives until the run is shut down.
`,
    },
  );
  expect(printed('a')).toEqual([
    ['NotOwner', 'not_owner'],
    [false, ['WouldBlock', 'would_block']],
    true,
    ['BrokenBarrier', 'broken'],
    true,
    [2, true, false, [2]],
    ['<x>', '<y>', '<z>'],
    [3, ['TaskFailed', 'task_failed']],
    true,
    '<n0>',
    [false, ['<p>', '<q>', '<r>', '<slow>']],
    '<x>',
    ['TaskFailed', 'task_failed'],
    false,
    [{ extra: 7 }, false],
    ['a', 'b', 'extra'],
    ['Cancelled', 'cancelled'],
  ]);
  expect(printed('b')).toEqual(['changed']);
  expect(exitCode).toBe(3);
});
