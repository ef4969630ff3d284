import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

async function run(spec: string) {
  const cwd = tempFolder({ 'mpctl.yaml': spec });
  return runCli(['run'], { cwd });
}

/** A port of this machine that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('a dependent starts when its daemon is ready', () => {
  it.each(['http_get', 'tcp_socket'] as const)('by %s of a real server', async (probe) => {
    const port = await freePort();
    const { stdout, exitCode } = await run(`
daemons:
  server:
    command: [python3, -m, http.server, "${port}", --bind, 127.0.0.1]
    readiness_probe: { ${probe}: { port: ${port} }, period: 20ms }
processes:
  client:
    command: [python3, -c, "import urllib.request; print(urllib.request.urlopen('http://127.0.0.1:${port}/').status)"]
    depends_on: [server]
`);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('[client] 200\n');
  });

  it('by a command, or by a line of its output', async () => {
    const { stdout, exitCode } = await run(`
daemons:
  slow:
    # Ready after the probe has failed once.
    command: until [ -e asked ]; do sleep 0.01; done; touch ready; exec sleep 60
    readiness_probe: { exec: 'test -e ready || { touch asked; exit 1; }', period: 10ms }
  talking:
    command: until [ -e ready ]; do sleep 0.01; done; echo up; touch said; echo "listening on 80"; exec sleep 60
    readiness_probe: { log_line: "listening on \\\\d+" }
processes:
  client: { command: test -e ready && test -e said && echo both, depends_on: [slow, talking] }
`);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('[client] both\n');
  });
});

it('a probe that takes longer than its period is not asked again meanwhile, neither for readiness nor for liveness', async () => {
  const probe = 'mkdir busy || touch twice; sleep 0.1; rmdir busy; echo >> asked; test "$(wc -l < asked)" -gt 3';
  const { exitCode, stdout } = await run(`
daemons:
  server:
    command: exec sleep 60
    readiness_probe: { exec: '${probe}', period: 1ms }
    liveness_probe: { exec: '${probe}', period: 1ms, initial_delay: 1ms }
processes:
  client: { command: 'until [ "$(wc -l < asked)" -gt 7 ]; do sleep 0.02; done; ls -d twice || echo never twice', depends_on: [server] }
`);
  expect(stdout).toContain('[client] never twice\n');
  expect(exitCode).toBe(0);
});

describe('a restart', () => {
  it('follows a failure after a growing pause', async () => {
    const { stdout, stderr, exitCode } = await run(`
processes:
  flaky:
    command: echo "attempt $MPCTL_ATTEMPT"; [ "$MPCTL_ATTEMPT" = 3 ]
    restart: on_failure
    backoff: { initial: 20ms, factor: 2, jitter: 0 }
`);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('[flaky] attempt 1\n[flaky] attempt 2\n[flaky] attempt 3\n');
    expect(stderr).toContain('restarting `flaky` in 20 ms (attempt 2)');
    expect(stderr).toContain('restarting `flaky` in 40 ms (attempt 3)');
  });

  it('ends with a failure when there were too many', async () => {
    const { stdout, exitCode } = await run(`
processes:
  bad: { command: 'echo "attempt $MPCTL_ATTEMPT"; exit 1', restart: on_failure, max_restarts: 2, backoff: { initial: 5ms } }
`);
    expect(exitCode).toBe(1);
    expect(stdout.match(/attempt \d/gu)).toHaveLength(3);
  });

  it('follows a liveness probe that fails', async () => {
    const { stdout, exitCode } = await run(`
processes:
  server:
    # Fails a probe only when it has said something, however late that comes.
    command: echo "attempt $MPCTL_ATTEMPT"; [ "$MPCTL_ATTEMPT" = 2 ] && exit 0; touch said; exec sleep 60
    liveness_probe: { exec: '[ "$MPCTL_ATTEMPT" = 2 ] || ! [ -e said ]', period: 20ms, failure_threshold: 2 }
    restart: on_failure
    backoff: { initial: 10ms }
`);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('[server] attempt 1\n[server] attempt 2\n');
  });
});
