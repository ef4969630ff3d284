/** Starts a verb and an empty Node program COUNT times each, in turn; prints the median of each, in ms. */
import { spawnSync } from 'node:child_process';

const [mpctl, count] = process.argv.slice(2);
const figures = { verb: [], empty: [] };
const commands = { verb: [mpctl, 'event', 'is-set', 'go'], empty: ['-e', '0'] };
for (let round = 0; round <= Number(count); round += 1) {
  for (const name of round % 2 === 0 ? ['verb', 'empty'] : ['empty', 'verb']) {
    const beganMs = performance.now();
    const { status, stderr } = spawnSync(process.execPath, commands[name], { stdio: ['ignore', 'ignore', 'pipe'] });
    if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
    if (round > 0) figures[name].push(performance.now() - beganMs);
  }
}
for (const [name, list] of Object.entries(figures)) console.log(`${name} ${list.sort((a, b) => a - b)[Math.floor(list.length / 2)]}`);
