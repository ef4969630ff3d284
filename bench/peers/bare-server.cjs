/* Node's own HTTP server on the Unix socket `BARE_SOCKET`, which answers everything with an empty result, while COMMAND ARGUMENT... runs. */
const { spawn } = require('node:child_process');
const { createServer } = require('node:http');

const [command, ...args] = process.argv.slice(2);
const server = createServer((request, response) => {
  request.resume().on('end', () => response.end('{"result":null}\n'));
}).listen(process.env.BARE_SOCKET, () => {
  const client = spawn(command, args, { stdio: 'inherit' });
  client.on('exit', (code) => {
    server.close();
    process.exitCode = code ?? 1;
  });
});
