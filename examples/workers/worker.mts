// A worker in TypeScript: one connection, and `await using` gives back what it holds.
import { connect } from 'mpctl/client';

const run = await connect();
const order = Number(await run.queue('orders').get());
const total = run.value('total');
{
  await using held = await run.lock('book').acquire({ timeoutMs: 10_000 });
  await total.set(Number(await total.get()) + order);
  process.stdout.write(`the book is ours, token ${String(held.tokens['book'])}\n`);
}
await run.queue('receipts').put('typescript took an order');
