import { expect, test } from 'vitest';
import type { EngineEvent } from '../../../src/engine/engine-event.ts';
import { TaskSources } from '../../../src/runtime/task-sources.ts';
import { tempFolder } from '../../rig/temp-folder.ts';
import { until } from './worker-harness.ts';

test('a line that is not JSON is told with its file', async () => {
  const workingDir = tempFolder({ 'work.jsonl': '1\n{}\n{\n' });
  const events: EngineEvent[] = [];
  const sources = new TaskSources((event) => {
    events.push(event);
  });
  const source = { type: 'lines', file: 'work.jsonl', format: 'json' } as const;
  sources.read({ type: 'read_tasks', pool: 'p', life: 1, source, workingDir, count: 10 });
  await until(() => events.length > 0, 'the tasks have come');
  sources.close();
  expect(events).toMatchObject([{ type: 'tasks', items: [1, {}], ended: true, failure: 'its tasks cannot be read: line 3 of `work.jsonl` is not JSON' }]);
});
