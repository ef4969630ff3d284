import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { isRecord } from '../../src/base/json-type.ts';
import { parseJson } from '../../src/base/parse-json.ts';
import { runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const program = `
import os, sys
import mpctl

if sys.argv[1:]:
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
mpctl.serve(lambda item: os.sched_getscheduler(0) == getattr(os, item))
`;

it('a worker in Python does not stop whoever wakes it, unless it has a policy of its own', async () => {
  const cwd = tempFolder();
  writeFileSync(path.join(cwd, 'policy.py'), program);
  const spec = `
pools:
  p: { workers: 1, worker: [python3, policy.py], tasks: [SCHED_BATCH], results: { file: p.jsonl } }
  own: { workers: 1, worker: [python3, policy.py, own], tasks: [SCHED_IDLE], results: { file: own.jsonl } }
`;
  const { exitCode } = await runCli(['run', '-'], { cwd, input: spec });
  const values = ['p.jsonl', 'own.jsonl'].map((file) => {
    const read = parseJson(readFileSync(path.join(cwd, file), 'utf8').trim());
    return read.ok && isRecord(read.value) ? read.value['value'] : read;
  });
  expect({ exitCode, values }).toEqual({ exitCode: 0, values: [true, true] });
});
