/* Node's own HTTP server on a Unix socket, which answers everything with an empty result, and SCRIPT COUNT as its client. */
const { spawn } = require('node:child_process');
const { createServer } = require('node:http');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const [script, count] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'bare-server-'));
const socket = join(folder, 'socket');
const server = createServer((request, response) => {
  request.resume().on('end', () => response.end('{"result":null}\n'));
}).listen(socket, () => {
  const client = spawn('sh', [script, count], { stdio: 'inherit', env: { ...process.env, MPCTL_SOCKET: socket, MPCTL_AUTHKEY: 'none' } });
  client.on('exit', (code) => {
    server.close();
    rmSync(folder, { recursive: true });
    process.exitCode = code ?? 1;
  });
});
