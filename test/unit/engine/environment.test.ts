import { expect, it } from 'vitest';
import { play } from '../../rig/virtual-play.ts';

it('`env` is what the process will see, also where only the run knows it', () => {
  const played = play(`
processes:
  first: { command: exit 0 }
  a:
    depends_on: [first]
    environment: { WHO: "\${{ process.first.name }}" }
    command: [print, "for \${{ env.WHO }}"]
`);
  expect(played.lines('a')).toEqual(['for first']);
});
