import { expect, it } from 'vitest';
import { codesOf } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const spec = (timeout: string): string => `
on_failure: continue
processes:
  q: { restart: always, command: sleep 1000 }
  p: { depends_on: { q: { condition: exit${timeout} } }, allow_failure: true, command: exit 0 }
  s: { depends_on: { p: { condition: exit } }, steps: [{ shutdown: 0 }] }
`;

it('who waits for what never ends is refused only where he waits without limit', () => {
  expect(codesOf(spec(''))).toContain('MP203');
  expect(codesOf(spec(', timeout: 200ms'))).not.toContain('MP203');
  expect(play(spec(', timeout: 200ms')).end.exitCode).toBe(0);
});
