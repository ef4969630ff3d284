/** Puts COUNT small items into the queue `work`, which nobody gets from; prints how long each half took. */
import { connect } from 'mpctl/client';

const half = Number(process.argv[2]) / 2;
const run = await connect();
const queue = run.queue('work');
await queue.put(0);
for (const name of ['first', 'second']) {
  const beganMs = performance.now();
  for (let item = 0; item < half; item += 1) await queue.put({ item });
  await queue.size();
  console.log(`${name} ${performance.now() - beganMs}`);
}
await run.close();
