import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

it('whoever shows no key, or one of another run, is refused, which the run tells the first twenty times', async () => {
  const cwd = tempFolder({
    'before.yaml': 'processes: { a: { command: printenv MPCTL_AUTHKEY > key } }\n',
    'mpctl.yaml': `
values: { n: 1 }
processes:
  a:
    command: |
      ask() { curl -s -o /dev/null -w '%{http_code}\\n' --unix-socket "$MPCTL_SOCKET" "$@" -d '{"name":"n"}' http://mpctl/v1/value/get; }
      ask -H "Authorization: Bearer $(cat key)"
      for _ in $(seq 21); do ask > /dev/null; done
      ask
      ask -H "Authorization: Bearer $MPCTL_AUTHKEY"
`,
  });
  expect(await runCli(['run', 'before.yaml'], { cwd, program })).toMatchObject({ exitCode: 0 });
  const { stdout, stderr, exitCode } = await runCli(['run'], { cwd, program });
  expect(stdout.match(/(?<=^\[a\] )\d+$/gmu)).toEqual(['401', '401', '200']);
  const told = stderr.split('\n').flatMap((line) => /a client of the socket was refused: (?<why>.*) \(MP824\)/u.exec(line)?.groups?.['why'] ?? []);
  const noKey = 'it showed no key';
  expect(told).toEqual(['its key is wrong, of another run, or of an attempt that has ended', ...Array.from({ length: 18 }, () => noKey), `${noKey}; more of them are not told`]);
  expect(exitCode).toBe(0);
});

it.each(['lock', 'semaphore'])('a `%s run` that ends after its instance is not refused, and says nothing: what it held was released before', async (kind) => {
  const cwd = tempFolder({
    'mpctl.yaml': `
${kind}s: { s: ${kind === 'lock' ? '' : '1'} }
processes:
  a:
    allow_failure: true
    command: |
      export LEADER=$$
      mpctl ${kind} run s -- sh -c 'kill -9 $LEADER; exec sleep 1000'
      :
  b: { depends_on: { a: { condition: failure } }, command: mpctl ${kind} acquire s --no-wait }
`,
  });
  const bin = path.join(cwd, 'bin');
  mkdirSync(bin);
  symlinkSync(program, path.join(bin, 'mpctl'));
  const environment = { PATH: [bin, path.dirname(process.execPath), process.env['PATH']].join(path.delimiter) };
  const { stdout, stderr, exitCode } = await runCli(['run'], { cwd, program, environment });
  expect(`${stdout}${stderr}`).not.toMatch(/MP824|has ended/u);
  expect(exitCode).toBe(0);
});
