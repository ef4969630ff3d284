/** `put COUNT` puts small items into the queue `work`, `get` gets them all and prints how many in a second. */
import { connect } from 'mpctl/client';

const count = Number(process.argv[3]);
const run = await connect();
const queue = run.queue('work');
if (process.argv[2] === 'put') {
  for (let item = 0; item < count; item += 1) {
    await queue.put(item);
  }
} else {
  await queue.get();
  const beganMs = performance.now();
  for (let item = 1; item < count; item += 1) await queue.get();
  console.log(`rate ${(1000 * (count - 1)) / (performance.now() - beganMs)}`);
}
await run.close();
