import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type Server } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

/** Lets a server listen until the test is over, and gives its port. */
async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, host, resolve);
  });
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

/** A run of a daemon with this readiness probe, and of a process that waits for it. */
async function run(probe: string) {
  const cwd = tempFolder({
    'mpctl.yaml': `
daemons: { server: { command: exec sleep 60, readiness_probe: { ${probe}, period: 10ms, timeout: 10s, failure_threshold: 20 } } }
processes: { client: { command: echo came, depends_on: [server] } }
`,
  });
  return runCli(['run'], { cwd });
}

/** Answers each path with the status of this list, one after the other and the last for ever; other paths do not exist. */
function answering(statuses: Readonly<Record<string, readonly number[]>>): { readonly listener: RequestListener; readonly asked: readonly string[] } {
  const asked: string[] = [];
  const listener: RequestListener = ({ url = '' }, response) => {
    asked.push(url);
    const list = statuses[url] ?? [404];
    response.writeHead(list[asked.filter((each) => each === url).length - 1] ?? list.at(-1) ?? 404).end();
  };
  return { listener, asked };
}

describe('a probe of a spec', () => {
  it('asks for the path that it names until the status that it names comes', async () => {
    const { listener, asked } = answering({ '/': [200], '/health?deep=1': [200, 503, 418] });
    const port = await listen(createHttpServer(listener));
    const { stdout, exitCode } = await run(`http_get: { port: ${port}, path: "/health?deep=1", status: 418 }`);
    expect(asked).toEqual(['/health?deep=1', '/health?deep=1', '/health?deep=1']);
    expect(stdout).toContain('[client] came\n');
    expect(exitCode).toBe(0);
  });

  it('asks for `/` and takes any status from 200 to 399 where it names none', async () => {
    const { listener, asked } = answering({ '/': [404, 500, 302] });
    const port = await listen(createHttpServer(listener));
    expect(await run(`http_get: { port: ${port} }`)).toMatchObject({ exitCode: 0 });
    expect(asked).toEqual(['/', '/', '/']);
  });

  it('speaks https where it says so, and asks nobody to vouch for the certificate', async () => {
    const { listener, asked } = answering({ '/': [200] });
    // Signed by itself, and of no use but this.
    const [key, cert] = ['key', 'certificate'].map((part) => readFileSync(path.join(import.meta.dirname, 'fixtures', `self-signed.${part}.pem`)));
    const port = await listen(createHttpsServer({ key, cert }, listener));
    const { stdout, exitCode } = await run(`http_get: { port: ${port}, scheme: https }`);
    expect(asked).toEqual(['/']);
    expect(stdout).toContain('[client] came\n');
    expect(exitCode).toBe(0);
  });

  it.each([
    ['http_get', createHttpServer((_request, response) => response.end())],
    ['tcp_socket', createTcpServer((socket) => socket.end())],
  ])('looks for %s on the host that it names', async (probe, server) => {
    // This machine too, and not where a probe looks by itself.
    const port = await listen(server, '127.0.0.2');
    const { stdout, exitCode } = await run(`${probe}: { port: ${port}, host: 127.0.0.2 }`);
    expect(stdout).toContain('[client] came\n');
    expect(exitCode).toBe(0);
  });
});
