/** Takes and releases the lock `file` COUNT times, one after the other; prints how often in a second. */
import { connect } from 'mpctl/client';

const count = Number(process.argv[2]);
const run = await connect();
const lock = run.lock('file');
await (await lock.acquire()).release();
await run.barrier('go').wait();
const beganMs = performance.now();
for (let round = 0; round < count; round += 1) {
  const held = await lock.acquire();
  await held.release();
}
console.log(`rate ${(1000 * count) / (performance.now() - beganMs)}`);
await run.close();
