import { join } from 'node:path';
import { expect, test } from 'vitest';
import { askDoor } from '../../../cmd/verbs/ask-door.ts';
import type { Ask } from '../../../cmd/verbs/verb.ts';
import type { RunEvent } from '../../../src/engine/run-event.ts';
import { looseContainment } from '../../../src/runtime/containment/containment.ts';
import { readOperatorKey } from '../../../src/runtime/door/operator-key.ts';
import { Orchestrator } from '../../../src/runtime/orchestrator.ts';
import { createRunFolder } from '../../../src/runtime/run-folder/run-folder.ts';
import { planOf } from '../../rig/virtual-plan.ts';
import { temporaryFolder } from './worker-harness.ts';

/** A run that has yet to begin, and whoever asks it from another terminal. */
function openRun(spec: string): { readonly run: Orchestrator; readonly events: readonly RunEvent[]; readonly ask: Ask; readonly askAsStranger: Ask } {
  const projectFolder = temporaryFolder();
  const environment = { PATH: process.env['PATH'] ?? '', XDG_RUNTIME_DIR: projectFolder, HOME: projectFolder };
  const specPath = join(projectFolder, 'mpctl.yaml');
  const folder = createRunFolder({ projectFolder, name: 'test', spec: specPath, members: {}, request: null, fates: [], earlierFolder: null, containment: { level: 'marker' }, outside: null, environment });
  if (!folder.ok) throw new Error(folder.error.message);
  const events: RunEvent[] = [];
  const run = new Orchestrator(planOf(spec), folder.value, {
    environment,
    specPath,
    projectFolder,
    pythonFolder: projectFolder,
    lineOf: () => null,
    report: (event) => events.push(event),
    containment: looseContainment('marker'),
    maxFrameBytes: 1024 * 1024,
  });
  const operator = readOperatorKey(folder.value.path);
  if (operator === null) throw new Error('no key');
  const askWith = (key: string): Ask => askDoor({ MPCTL_SOCKET: operator.socket, MPCTL_AUTHKEY: key });
  return { run, events, ask: askWith(operator.key), askAsStranger: askWith('nobody') };
}

const spec = `
working_dir: /
processes:
  a: { command: sleep 1000 }
  b: { autostart: false, command: 'true' }
`;

test('what is asked of a run that has yet to begin is done once it has, and nothing is started before', async () => {
  const { run, events, ask, askAsStranger } = openRun(spec);
  const stopped = ask('process.terminate', { name: 'a' });
  const started = ask('process.start', { name: 'b' });
  // He came after them, and is sent away without the run.
  expect(await askAsStranger('process.list', {})).toMatchObject({ ok: false, error: { kind: 'unauthorized' } });
  expect(events).toEqual([]);
  const end = await run.run();
  expect(await Promise.all([stopped, started])).toMatchObject([{ ok: true }, { ok: true }]);
  expect(end).toMatchObject({ outcome: 'success', exitCode: 0 });
  expect(events.slice(0, 2)).toMatchObject([{ type: 'run.started' }, { type: 'warning', code: 'MP824' }]);
  expect(events.flatMap((event) => (event.type === 'instance.ended' ? [`${event.instance} ${event.state}`] : [])).toSorted()).toEqual(['a stopped', 'b succeeded']);
});

test('a run that is abandoned before it begins answers nobody any more, and has started nothing', async () => {
  const { run, events, ask, askAsStranger } = openRun(spec);
  const started = ask('process.start', { name: 'b' });
  await askAsStranger('process.list', {});
  await run.abandon();
  expect(await started).toMatchObject({ ok: false });
  expect(events).toEqual([]);
});
