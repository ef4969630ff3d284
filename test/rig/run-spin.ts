import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { tempFolder } from './temp-folder.ts';

/** What SPIN says of a model in Promela, of which every state was looked at. */
export interface SpinVerdict {
  readonly states: number;
  readonly transitions: number;
  /** Failed assertions. */
  readonly errors: number;
}

/** Has SPIN look at every state, with no reduction of its own. */
export async function runSpin(promela: string): Promise<SpinVerdict> {
  const cwd = tempFolder();
  writeFileSync(join(cwd, 'model.pml'), promela);
  // It would leave out what is set and never read.
  await execa('spin', ['-o2', '-a', 'model.pml'], { cwd });
  await execa('gcc', ['-w', '-DSAFETY', '-DNOREDUCE', '-DNOFAIR', '-o', 'pan', 'pan.c'], { cwd });
  const { stdout } = await execa('./pan', ['-E', '-c0', '-n', '-e', '-m1000000', '-w20'], { cwd });
  const [, errors] = /errors: (\d+)/u.exec(stdout) ?? [];
  const [, states] = /(\d+) states, stored/u.exec(stdout) ?? [];
  const [, transitions] = /(\d+) transitions/u.exec(stdout) ?? [];
  if (errors === undefined || states === undefined || transitions === undefined || stdout.includes('not completed')) throw new Error(`SPIN did not come to its end:\n${stdout}`);
  return { states: Number(states), transitions: Number(transitions), errors: Number(errors) };
}
