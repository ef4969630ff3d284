import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

it('overlapping runs of a semaphore give back their own permits, once', async () => {
  const cwd = tempFolder({
    'mpctl.yaml': `
semaphores: { slots: 2 }
processes:
  a:
    command: |
      mkfifo first second
      mpctl semaphore run slots -- sh -c 'touch one; read go < first' &
      while [ ! -e one ]; do sleep 0.01; done
      mpctl semaphore run slots -- echo short
      mpctl semaphore run slots -- sh -c 'touch two; read go < second' &
      while [ ! -e two ]; do sleep 0.01; done
      mpctl semaphore run slots --no-wait -- echo third || echo "none left $?"
      echo go > first
      echo go > second
      wait
      mpctl semaphore run slots --permits 2 --timeout 60s -- echo both
`,
  });
  const bin = path.join(cwd, 'bin');
  mkdirSync(bin);
  symlinkSync(program, path.join(bin, 'mpctl'));
  const { stdout, stderr, exitCode } = await runCli(['run'], { cwd, program, environment: { PATH: [bin, process.env['PATH']].join(path.delimiter) } });
  expect(stdout).toContain('[a] short\n[a] none left 1\n[a] both\n');
  expect(stderr).not.toContain('without releasing');
  expect(exitCode).toBe(0);
});
