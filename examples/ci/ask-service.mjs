// Asks the service on $CI_PORT for a sign of life, in the protocol of Redis. Redis answers +PONG; any
// other server answers something else, which shows as well that it is there.
import { connect } from 'node:net';

const socket = connect({ host: '127.0.0.1', port: Number(process.env.CI_PORT) });
socket.setTimeout(5000, () => socket.destroy(new Error('the service did not answer within 5 s')));
socket.once('data', (answer) => {
  console.log(`the service answers: ${answer.toString('latin1').split('\r\n')[0]}`);
  socket.end();
});
socket.write('PING\r\n');
