import { expect, it } from 'vitest';
import { StopLadder } from '../../../src/jobs/stop-ladder.ts';

it.each<readonly [string, readonly (readonly [signal: string, nowMs: number])[], readonly string[]]>([
  ['stops, hurries and kills', [['SIGINT', 0], ['SIGTERM', 250], ['SIGHUP', 600], ['SIGINT', 900]], ['stop', 'hurry', 'kill', 'kill']],
  ['takes signals of one moment for one', [['SIGINT', 5], ['SIGTERM', 5], ['SIGINT', 254], ['SIGINT', 255]], ['stop', 'nothing', 'nothing', 'hurry']],
  ['kills at once by SIGQUIT', [['SIGQUIT', 0]], ['kill']],
  ['kills by SIGQUIT whatever was before', [['SIGINT', 0], ['SIGQUIT', 1]], ['stop', 'kill']],
])('%s', (_, signals, steps) => {
  const ladder = new StopLadder();
  expect(signals.map(([signal, nowMs]) => ladder.hear(signal, nowMs))).toEqual(steps);
});
