import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runProbe } from '../../../src/runtime/probes/run-probe.ts';
import type { ProbeRequest, ProbeResult } from '../../../src/runtime/probes/probe-request.ts';
import { readProcess } from '../../../src/runtime/processes/process-table.ts';
import { afterTest, temporaryFolder, until } from './worker-harness.ts';

const env = { PATH: process.env['PATH'] ?? '' };

function exec(script: string, timeoutMs = 10_000): ProbeRequest {
  return { type: 'exec', argv: ['/bin/sh', '-c', script], cwd: '/', env, timeoutMs };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function probeHttp(handler: RequestListener, changes: { status?: number; timeoutMs?: number } = {}): Promise<ProbeResult> {
  const server = createServer(handler);
  const port = await listen(server);
  afterTest(() => server.closeAllConnections());
  afterTest(() => {
    server.close();
  });
  const { status = null, timeoutMs = 10_000 } = changes;
  return runProbe({ type: 'http_get', scheme: 'http', host: '127.0.0.1', port, path: '/health', status, timeoutMs }).result;
}

describe('exec', () => {
  test('succeeds with exit code 0 and says how it failed otherwise', async () => {
    expect(await runProbe(exec('exit 0')).result).toBe('ok');
    expect(await runProbe(exec('exit 3')).result).toEqual({ failed: 'exit code 3' });
    expect(await runProbe(exec('kill -KILL $$')).result).toEqual({ failed: 'ended by SIGKILL' });
  });

  test('has the environment and the folder that it was given', async () => {
    const cwd = temporaryFolder();
    const argv = ['/bin/sh', '-c', 'test "$PWD" = "$WANTED" && test -z "$HOME"'];
    expect(await runProbe({ type: 'exec', argv, cwd, env: { ...env, WANTED: cwd }, timeoutMs: 10_000 }).result).toBe('ok');
  });

  test('a command that does not exist is a failure', async () => {
    const probe = { type: 'exec', argv: ['no-such-command'], cwd: '/', env, timeoutMs: 10_000 } as const;
    expect(await runProbe(probe).result).toMatchObject({ failed: expect.stringContaining('ENOENT') as string });
  });

  test('at its timeout it is killed with everything it has started', async () => {
    const file = join(temporaryFolder(), 'pids');
    const script = `sleep 300 & echo $! > ${file}; echo $$ >> ${file}; wait`;
    expect(await runProbe(exec(script, 400)).result).toEqual({ failed: 'no answer within 400 ms' });
    const pids = readFileSync(file, 'utf8').trim().split('\n').map(Number);
    expect(pids.length).toBe(2);
    await until(() => pids.every((pid) => (readProcess(pid)?.state ?? 'Z') === 'Z'), 'the probe is dead');
  });

  test('cancelled it is killed too', async () => {
    const file = join(temporaryFolder(), 'pid');
    const probe = runProbe(exec(`echo $$ > ${file}; exec sleep 300`));
    await until(() => existsSync(file) && readFileSync(file, 'utf8') !== '', 'the probe runs');
    probe.cancel();
    expect(await probe.result).toEqual({ failed: 'cancelled' });
    const pid = Number(readFileSync(file, 'utf8'));
    await until(() => (readProcess(pid)?.state ?? 'Z') === 'Z', 'the probe is dead');
  });
});

describe('http_get', () => {
  test('succeeds from 200 to 399, or with the one status asked for', async () => {
    for (const [status, expected] of [
      [200, 'ok'],
      [302, 'ok'],
      [404, { failed: 'status 404, expected 200 to 399' }],
      [500, { failed: 'status 500, expected 200 to 399' }],
    ] as const) {
      expect(await probeHttp((_request, response) => response.writeHead(status, { location: '/x' }).end())).toEqual(expected);
    }
    expect(await probeHttp((_request, response) => response.writeHead(418).end(), { status: 418 })).toBe('ok');
    expect(await probeHttp((_request, response) => response.writeHead(200).end(), { status: 204 })).toEqual({
      failed: 'status 200, expected 204',
    });
  });

  test('asks for its path, and a body without end does not matter', async () => {
    let asked = '';
    const result = await probeHttp((request, response) => {
      asked = `${request.method} ${request.url}`;
      response.write('endless');
    });
    expect([result, asked]).toEqual(['ok', 'GET /health']);
  });

  test('fails without an answer in time', async () => {
    expect(await probeHttp(() => {}, { timeoutMs: 100 })).toEqual({ failed: 'no answer within 100 ms' });
  });
});

describe('tcp_socket', () => {
  test('succeeds once somebody listens', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    expect(await runProbe({ type: 'tcp_socket', host: '127.0.0.1', port, timeoutMs: 10_000 }).result).toBe('ok');
    await new Promise((resolve) => {
      server.close(resolve);
    });
    expect(await runProbe({ type: 'tcp_socket', host: '127.0.0.1', port, timeoutMs: 10_000 }).result).toEqual({
      failed: `nobody listens on 127.0.0.1:${port}`,
    });
  });
});
