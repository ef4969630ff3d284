import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { line, openDoor, openStream, rawExchange, type OpenDoor, type RawClient } from './door-harness.ts';
import { until } from './worker-harness.ts';

/* Live answers of every method, held against the OpenAPI file. */

interface Response {
  readonly content: Readonly<Record<'application/json', { readonly schema: object }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, { readonly post: { readonly operationId: string; readonly responses: Readonly<Record<string, Response | { readonly $ref: string }>> } }>>;
  readonly components: { readonly responses: Readonly<Record<string, Response>> };
}

const text = readFileSync(new URL('../../../schemas/door.openapi.json', import.meta.url), 'utf8');
const document = JSON.parse(text) as Document;
const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });

/** The refusals of a status are written once, for all methods. */
function schemaOf(method: string, status: number): object {
  const response = document.paths[`/v1/${method.replace('.', '/')}`]?.post.responses[String(status)];
  const found = response !== undefined && '$ref' in response ? document.components.responses[response.$ref.replace('#/components/responses/', '')] : response;
  if (found === undefined) throw new Error(`the file has no ${String(status)} of ${method}`);
  return found.content['application/json'].schema;
}

function faultsOf(method: string, status: number, answer: unknown): readonly string[] {
  const validate = ajv.compile(schemaOf(method, status));
  if (validate(answer)) return [];
  return [`${method} ${String(status)} ${JSON.stringify(answer)}`, ...(validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${String(message)}`)];
}

const spec = `
locks: { l: , guard: }
semaphores: { s: 2 }
events: { e: }
conditions: { c: { lock: guard } }
barriers: { bar: { parties: 2 } }
queues: { q: , bounded: { capacity: 2 } }
pipes: { link: { between: [a, b] } }
values: { v: 1 }
pools: { pool: { workers: 1, command: [x] }, other: { workers: 1, command: [x] } }
processes:
  # It does not end of its stop signal, so that it hears the answer to its last call.
  a: { command: x, stop: { signal: SIGINT }, uses: { q: [put, get], bounded: put, e: set, bar: wait, c: notify, pool: [submit, start], other: [submit, start], late: start, b: start } }
  b: { command: x, uses: { q: [get, task_done], bounded: get, bar: wait, c: notify } }
  late: { command: x, autostart: false, readiness_probe: { notify: true } }
`;

type Step = readonly [who: 'a' | 'b', method: string, params?: Readonly<Record<string, unknown>>];

/** What is asked one after the other, where the answer comes at once. */
const steps: readonly Step[] = [
  ['a', 'lock.acquire', { holds: ['l', 'guard'] }],
  ['a', 'lock.delegate', { name: 'l' }],
  ['a', 'lock.look', { name: 'l' }],
  ['a', 'lock.release', { holds: ['l', 'guard'] }],
  ['b', 'lock.handoff', { name: 'l' }],
  ['b', 'lock.claim', { name: 'l' }],
  ['b', 'lock.leave', { name: 'l' }],
  ['b', 'lock.release', { holds: 'l' }],
  ['a', 'semaphore.acquire', { holds: { name: 's', permits: 2 } }],
  ['a', 'semaphore.look', { name: 's' }],
  ['a', 'run.things'],
  ['a', 'semaphore.release', { holds: 's' }],
  ['a', 'event.set', { name: 'e' }],
  ['a', 'event.wait', { name: 'e' }],
  ['a', 'event.look', { name: 'e' }],
  ['a', 'event.clear', { name: 'e' }],
  ['a', 'barrier.look', { name: 'bar' }],
  ['a', 'barrier.abort', { name: 'bar' }],
  ['a', 'barrier.reset', { name: 'bar' }],
  ['a', 'condition.look', { name: 'c' }],
  ['a', 'queue.spool', { name: 'q' }],
  ['a', 'queue.spooled', { name: 'q' }],
  ['a', 'queue.put', { name: 'q', items: [null, { a: [1.5, 'x'] }, 3] }],
  ['a', 'queue.put', { name: 'bounded', items: [1, 2, 3], timeout_ms: 1 }],
  ['b', 'queue.get', { name: 'q', max: 2 }],
  ['b', 'queue.look', { name: 'q' }],
  ['a', 'run.things', { name: 'q' }],
  ['b', 'queue.task_done', { name: 'q' }],
  ['b', 'queue.task_done', { name: 'q' }],
  ['b', 'queue.get', { name: 'q' }],
  ['b', 'queue.task_done', { name: 'q' }],
  ['a', 'queue.join', { name: 'q' }],
  ['a', 'queue.tally', { name: 'q' }],
  ['a', 'queue.give_back', { name: 'q', taken: 0, last: 0 }],
  ['a', 'queue.close', { name: 'q' }],
  ['a', 'pipe.send', { name: 'link', item: ['message'] }],
  ['b', 'pipe.poll', { name: 'link' }],
  ['b', 'pipe.look', { name: 'link' }],
  ['b', 'pipe.recv', { name: 'link' }],
  ['b', 'pipe.ahead', { name: 'link' }],
  ['b', 'pipe.poll', { name: 'link', timeout_ms: 0 }],
  ['b', 'pipe.watch', { name: 'link' }],
  ['b', 'pipe.close', { name: 'link' }],
  ['a', 'value.add', { name: 'v', by: 0.5 }],
  ['a', 'value.set', { name: 'v', item: { any: 'thing' } }],
  ['a', 'value.get', { name: 'v' }],
  ['a', 'value.compare_and_set', { name: 'v', expected: 1, item: 2 }],
  ['a', 'pool.submit', { name: 'pool', items: ['x', 'y'] }],
  ['a', 'run.look'],
  ['a', 'process.list'],
  ['a', 'process.start', { name: 'late' }],
  ['a', 'process.await', { name: 'late', moment: 'start' }],
  ['a', 'process.signal', { name: 'late', signal: 'SIGHUP' }],
  ['a', 'process.restart', { name: 'late' }],
  ['a', 'run.things'],
  ['a', 'run.look'],
  ['a', 'pool.close', { name: 'pool' }],
  ['a', 'pool.terminate', { name: 'pool' }],
  ['a', 'pool.result', { name: 'pool', task: 0 }],
  ['a', 'pool.result', { name: 'pool', task: 1 }],
  ['a', 'pool.join', { name: 'pool' }],
  ['a', 'pool.kill', { name: 'other' }],
  ['a', 'process.terminate', { name: 'late' }],
  ['a', 'process.join', { name: 'late' }],
  ['a', 'run.ready'],
  ['a', 'process.kill', { name: 'b' }],
  ['a', 'run.look'],
  ['a', 'run.things'],
  ['a', 'run.shutdown', { code: 0 }],
];

/** Asks in turn; every answer has the shape that the file gives it, and is no refusal. */
class Asker {
  readonly answered = new Set<string>();
  readonly faults: string[] = [];
  readonly #clients: Readonly<Record<'a' | 'b', RawClient>>;
  readonly #sent = { a: 0, b: 0 };

  constructor(clients: Readonly<Record<'a' | 'b', RawClient>>) {
    this.#clients = clients;
  }

  async ask([who, method, params = {}]: Step): Promise<void> {
    this.#sent[who] += 1;
    const number = this.#sent[who];
    this.#clients[who].socket.write(line(number, method, params));
    const answers = await this.#clients[who].until(number);
    const answer = answers.find(({ id }) => id === number);
    this.answered.add(method);
    this.faults.push(...faultsOf(method, 200, answer?.error === undefined ? { result: answer?.result } : answer));
  }
}

test('every method answers as the OpenAPI file says', async () => {
  const door = openDoor(spec);
  const asker = new Asker({ a: await openStream(door, 'a'), b: await openStream(door, 'b') });
  const atBarrier = asker.ask(['b', 'barrier.wait', { name: 'bar' }]);
  await asker.ask(['a', 'barrier.wait', { name: 'bar' }]);
  await atBarrier;
  await asker.ask(['a', 'lock.acquire', { holds: 'guard' }]);
  const notified = asker.ask(['a', 'condition.wait', { name: 'c' }]);
  // It waits as soon as the lock comes free.
  await asker.ask(['b', 'lock.acquire', { holds: 'guard' }]);
  await asker.ask(['b', 'run.things']);
  await asker.ask(['b', 'condition.notify', { name: 'c' }]);
  await asker.ask(['b', 'lock.release', { holds: 'guard' }]);
  await notified;
  await asker.ask(['a', 'lock.release', { holds: 'guard' }]);
  for (const step of steps) await asker.ask(step);
  expect(asker.faults).toEqual([]);
  const methods = Object.values(document.paths).map(({ post }) => post.operationId);
  expect(methods.filter((method) => !asker.answered.has(method))).toEqual([]);
});

async function overHttp(door: OpenDoor, method: string, body: string, key = door.keys.keyOf('a')): Promise<{ readonly status: number; readonly answer: unknown }> {
  const head = [`POST /v1/${method.replace('.', '/')} HTTP/1.1`, 'Host: m', 'Connection: close', `Authorization: Bearer ${key}`, `Content-Length: ${String(Buffer.byteLength(body))}`];
  const reply = await rawExchange(door.path, `${head.join('\r\n')}\r\n\r\n${body}`, 'open');
  return { status: Number(reply.slice(9, 12)), answer: JSON.parse(reply.slice(reply.indexOf('\r\n\r\n'))) as unknown };
}

test.each([
  [400, 'value.add', 'no json', 'a'],
  [400, 'value.add', '{}', 'a'],
  [401, 'value.add', '{"name":"v"}', 'nobody'],
  [403, 'queue.put', '{"name":"q","item":1}', 'b'],
  [404, 'lock.look', '{"name":"none"}', 'a'],
  [408, 'event.wait', '{"name":"e","timeout_ms":1}', 'a'],
  [409, 'lock.release', '{"holds":"l"}', 'a'],
  [413, 'value.set', `{"name":"v","item":"${'x'.repeat(1024 * 1024)}"}`, 'a'],
])('a refusal with %i is as the OpenAPI file says', async (status, method, body, who) => {
  const door = openDoor(spec);
  const reply = await overHttp(door, method, body, who === 'nobody' ? 'a.wrong' : door.keys.keyOf(who));
  expect(reply.status).toBe(status);
  expect(faultsOf(method, status, reply.answer)).toEqual([]);
});

test('a put of several items that is broken off says over HTTP, too, how many were put', async () => {
  // Whoever could start the other again could have it get the rest.
  const door = openDoor(spec.replace(', b: start', ''));
  const putting = overHttp(door, 'queue.put', '{"name":"bounded","items":[1,2,3]}');
  await until(() => door.snapshot().waiting.length === 1, 'the third item waits');
  const client = await openStream(door, '@operator');
  client.socket.write(line(1, 'process.kill', { name: 'b' }));
  await client.until(1);
  const { status, answer } = await putting;
  expect(answer).toMatchObject({ error: { kind: 'broken', put: 2 } });
  expect(faultsOf('queue.put', status, answer)).toEqual([]);
});
