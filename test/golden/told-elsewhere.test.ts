import { expect, it } from 'vitest';
import * as z from 'zod';
import { exitCodes } from '../../src/base/exit-codes.ts';
import { catalogue } from '../../src/diagnostics/catalogue.ts';
import { toldElsewhere } from '../../src/diagnostics/told-elsewhere.ts';
import { callMain } from '../rig/call-main.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const report = z.object({ diagnostics: z.array(z.object({ code: z.string(), hint: z.string().nullable() })) });

/** A spec with what the check is about, for each that another code tells: the first one of the list. */
const shown: Readonly<Record<string, string>> = {
  MP210: 'events: { go: }\nprocesses: { a: { command: x, depends_on: [b], sets: { success: go } }, b: { command: y, wait_for: [go] } }',
  MP301: 'locks: { a: , b: }\nprocesses: { x: { steps: [{ acquire: a }, { acquire: b }] }, y: { steps: [{ acquire: b }, { acquire: a }] } }',
  MP305: 'locks: { db: }\nprocesses: { api: { steps: [{ acquire: db }, { join: seed }] }, seed: { with: db, command: y } }',
  MP308: 'semaphores: { s: 2 }\nprocesses: { a: { replicas: 2, steps: [{ acquire: s }, { acquire: s }] } }',
  MP312: 'semaphores: { mem: 4 }\ndaemons: { cache: { command: x, with: { name: mem, permits: 4 } } }\nprocesses: { job: { command: y, with: mem } }',
  MP402: 'events: { e: }\nprocesses: { a: { steps: [{ wait: e }, { set: e }] } }',
  MP408: 'locks: { l: }\nbarriers: { b: { parties: 2 } }\nprocesses: { a: { replicas: 2, steps: [{ acquire: l }, { wait: b }] } }',
  MP507: 'queues: { one: , two: }\nprocesses: { a: { command: x, stdin: { queue: one }, stdout: { queue: two } }, b: { command: x, stdin: { queue: two }, stdout: { queue: one } } }',
  MP508: 'queues: { urls: { capacity: 2, items: [a] } }\nprocesses: { w: { replicas: 2, steps: [{ each: urls, as: u, do: [{ put: urls, items: [1, 2, 3] }] }] } }',
  MP510: 'queues: { r: { capacity: 2 } }\nprocesses: { w: { steps: [{ put: r, items: [1, 2, 3] }] }, main: { steps: [{ join: w }, { each: r, as: i, do: [{ print: x }] }] } }',
  MP512: 'pipes: { p: { from: a, to: r } }\nprocesses: { a: { command: x }, r: { command: x, replicas: 2 } }',
  MP602: 'pools: { w: { workers: 2, tasks: [1, 2], steps: [{ submit: w, item: 1, as: t }, { result: t }] } }',
  MP603: 'pools: { a: { workers: 1, tasks: [1], steps: [{ submit: b, item: 1, as: t }, { result: t }] }, b: { workers: 1, steps: [{ submit: a, item: 1, as: t }, { result: t }] } }',
  MP604: 'barriers: { b: { parties: 3 } }\npools: { w: { workers: 2, tasks: [a, b, c], steps: [{ wait: b }] } }',
  MP605: 'queues: { jobs: }\npools: { w: { workers: 2, tasks: { queue: jobs }, command: x } }\ndaemons: { cron: { command: x, stdout: { queue: jobs } } }',
  MP710: 'events: { go: }\nprocesses: { a: { steps: [{ wait: go }] } }',
  MP902: 'locks: { a: , b: }\nprocesses: { x: { steps: [{ acquire: a }, { acquire: b }] }, y: { steps: [{ acquire: b }, { acquire: a }] } }\ndaemons: { t: { steps: [{ repeat: forever, do: [{ sleep: 1s }] }] } }',
};

async function toldOf(text: string): Promise<readonly { readonly code: string; readonly hint: string | null }[]> {
  const { stdout } = await callMain(['check', '--format', 'json', 'mpctl.yaml'], { cwd: tempFolder({ 'mpctl.yaml': text }) });
  return report.parse(JSON.parse(stdout)).diagnostics;
}

it('has no code of its own, and none of another that is not there', () => {
  const codes = new Set<string>(Object.keys(catalogue()));
  expect(Object.keys(toldElsewhere).filter((code) => codes.has(code))).toEqual([]);
  expect(Object.values(toldElsewhere).flatMap(({ by }) => by.filter((code) => !codes.has(code)))).toEqual([]);
  expect(Object.keys(shown)).toEqual(Object.entries(toldElsewhere).flatMap(([code, { by }]) => (by.length === 0 ? [] : [code])));
});

it.each(Object.entries(toldElsewhere))('%s: `explain` says where it is told', async (code, { slug, by }) => {
  const { stderr, exit } = await callMain(['explain', code]);
  expect([exit, stderr]).toEqual([{ type: 'code', code: exitCodes.usage }, expect.stringContaining(`\`${slug}\` ${by.length === 0 ? 'has nothing to tell' : `is told by ${by.join(', ')}`}: `)]);
});

it.each(Object.entries(shown))('%s is told there, with a way out', async (code, text) => {
  const by = new Map(Object.entries(toldElsewhere)).get(code)?.by[0];
  expect((await toldOf(text)).map((found) => [found.code, found.hint !== null])).toContainEqual([by, true]);
});
