/*
 * Runs the property tests with other random inputs than `npm test`, which draws the same each time:
 *
 *   npm run properties -- [--rounds N] [FILE…]     N times, each time with other inputs; ends with 1 at the first failure
 *   npm run properties -- --seed N [FILE…]         the inputs of this number once more
 */
import { execa } from 'execa';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { wholeNumber } from './whole-number.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '1' },
    seed: { type: 'string' },
  },
});
const seeds = 2 ** 31;

for (let round = wholeNumber(values.rounds, 1); round > 0; round -= 1) {
  const seed = values.seed === undefined ? randomInt(seeds) : wholeNumber(values.seed, 0);
  console.log(`seed ${seed}`);
  const { exitCode } = await execa('vitest', ['run', '--project', 'property', ...positionals], { preferLocal: true, env: { PROPERTIES_SEED: String(seed) }, stdio: 'inherit', reject: false });
  if (exitCode === 0) continue;
  console.log(`again: npm run properties -- --seed ${seed} ${positionals.join(' ')}`);
  process.exit(1);
}
