import path from 'node:path';
import { test } from 'vitest';

import { chooseReporter, type ReporterOptions } from '../../../src/report/choose-reporter.ts';
import { recordedRuns } from '../../rig/events-of-runs.ts';
import { expectGolden } from '../../rig/golden-file.ts';
import { FakeTerminal } from '../../rig/terminal.ts';

const options: ReporterOptions = {
  output: null,
  format: 'text',
  timestamps: false,
  github: false,
  workingDir: '/srv/project',
};

const views: readonly (readonly [string, Partial<ReporterOptions>])[] = [
  ['prefixed', { output: 'prefixed' }],
  ['grouped', { output: 'grouped' }],
  ['grouped-github', { output: 'grouped', github: true }],
  ['quiet', { output: 'quiet' }],
];

const cases = views.flatMap(([view, chosen]) =>
  Object.entries(recordedRuns).map(([run, events]) => ({ view, chosen, run, events })),
);

// Recorded times and pids are part of the events, so that nothing needs a mask. `1>` is standard
// output, `2>` standard error.
test.for(cases)('$view view of $run', async ({ view, chosen, run, events }) => {
  const terminal = new FakeTerminal();
  const reporter = await chooseReporter({ ...options, ...chosen }, terminal);
  for (const event of events) reporter.handle(event);
  await reporter.finish();
  expectGolden(path.join(import.meta.dirname, 'text-views', `${run}.${view}.txt`), terminal.transcript());
});
