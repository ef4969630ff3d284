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

it('knows what mpctl sets on top, in commands, steps and streams', () => {
  const played = play(`
locks: { the-lock: }
processes:
  a: { with: the-lock, command: [print, "\${{ env.MPCTL_RUN_ID }} \${{ env.MPCTL_RUN_DIR }} \${{ env.MPCTL_ATTEMPT }} \${{ env.MPCTL_TOKEN_THE_LOCK }}"] }
  b: { steps: [{ print: "\${{ env.MPCTL_TOKEN_THE_LOCK || 'none' }}" }, { with: the-lock, do: [{ print: "\${{ env.MPCTL_TOKEN_THE_LOCK || 'none' }}" }] }] }
  c: { environment: { X: "\${{ process.a.name }}" }, steps: [{ print: "\${{ env.X }} \${{ env.MPCTL_ATTEMPT }}" }, { run: [print, "\${{ env.Y }}"], environment: { Y: "of \${{ env.MPCTL_RUN_ID }}" } }] }
finally:
  f: { steps: [{ print: "\${{ env.MPCTL_OUTCOME || 'no outcome' }}" }] }
`);
  expect(played.lines('a')).toEqual(['run /project/.mpctl/runs/run 1 1']);
  expect(played.lines('b')).toEqual(['none', '2']);
  expect(played.lines('c')).toEqual(['a 1', 'of run']);
  expect(played.lines('f')).toEqual(['success']);
});

it('knows of a task which one it is, and of a pool only the run', () => {
  const played = play(`
pools:
  p: { workers: 1, tasks: [x], steps: [{ print: "\${{ env.MPCTL_ITEM }} \${{ env.MPCTL_TASK }} \${{ env.MPCTL_WORKER }} \${{ env.MPCTL_PROCESS }}" }] }
  m: { workers: 1, tasks: { matrix: { py: [3.10] } }, command: [print, "\${{ env.MATRIX_PY }}"], results: { file: "\${{ env.MPCTL_RUN_DIR }}/r" } }
  i: { workers: 1, tasks: ["\${{ env.MPCTL_RUN_ID }}"], command: print $MPCTL_ITEM }
`);
  expect(played.lines('p-1')).toEqual(['x 0 1 p-1']);
  expect(played.lines('m-1')).toEqual(['3.10']);
  expect(played.lines('i-1')).toEqual(['run']);
  expect(played.effects.flatMap((effect) => (effect.type === 'open_results' ? [effect.resultsFile] : []))).toEqual(['/project/.mpctl/runs/run/r']);
});

it('the stop command is told of the run as well', () => {
  const played = play(`
daemons: { d: { command: forever, stop: { command: [print, "\${{ env.MPCTL_RUN_ID }} \${{ env.MPCTL_PROCESS }}"] } } }
processes: { a: { command: sleep 10 } }
`);
  expect(played.lines('d')).toEqual(['run d']);
});

it('tells a task of its own attempt also where the slot has had others', () => {
  const played = play(`
pools:
  p: { workers: 1, tasks: [x, y], retry: { attempts: 2 }, command: ["exit", "1"] }
`);
  const told = played.effects.flatMap((effect) => (effect.type === 'spawn' ? [new Map(effect.order.environment)] : []));
  const shown = told.map((variables) => ['MPCTL_ITEM', 'MPCTL_ATTEMPT', 'MPCTL_WORKER', 'MPCTL_PROCESS'].map((name) => variables.get(name)).join(' '));
  expect(shown.toSorted()).toEqual(['x 1 1 p-1', 'x 2 1 p-1', 'y 1 1 p-1', 'y 2 1 p-1']);
});

it('gives the tasks of a slot what they have in common as the very same', () => {
  const played = play('pools: { p: { workers: 1, tasks: { range: [1, 3] }, command: [print, "${{ item }}"] } }');
  const told = played.effects.flatMap((effect) => (effect.type === 'spawn' ? [effect.order.environment] : []));
  const [first = [], ...others] = told;
  expect(others).toHaveLength(2);
  const own = new Set(['MPCTL_ITEM', 'MPCTL_TASK']);
  for (const variables of others) {
    for (const [index, variable] of variables.entries()) expect(own.has(variable[0]) || variable === first[index]).toBe(true);
  }
});
