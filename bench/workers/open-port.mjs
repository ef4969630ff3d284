/** Says in seconds when it is, at a random moment, and listens on PORT of 127.0.0.1 until it is ended. */
import { createServer } from 'node:net';

const [port] = process.argv.slice(2);
const server = createServer((socket) => socket.destroy());
setTimeout(
  () => {
    // Before and not after it: whoever looks may be quicker than the next line.
    console.log(`opened ${((performance.timeOrigin + performance.now()) / 1000).toFixed(6)}`);
    server.listen(Number(port), '127.0.0.1');
  },
  300 + Math.random() * 100,
);
