import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { type CliResult, runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

/** Runs a spec whose processes find the built `mpctl` in their PATH. */
async function run(spec: string): Promise<CliResult> {
  const cwd = tempFolder({ 'mpctl.yaml': spec });
  const bin = path.join(cwd, 'bin');
  mkdirSync(bin);
  symlinkSync(program, path.join(bin, 'mpctl'));
  return runCli(['run'], { cwd, program, environment: { PATH: [bin, process.env['PATH']].join(path.delimiter) } });
}

it('overlapping runs of a semaphore give back their own permits, once', async () => {
  const { stdout, stderr, exitCode } = await run(`
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
`);
  expect(stdout).toContain('[a] short\n[a] none left 1\n[a] both\n');
  expect(stderr).not.toContain('without releasing');
  expect(exitCode).toBe(0);
});

it('a run of a reentrant lock holds for the instance: to the end of its command, or of the instance where it was killed', async () => {
  const { stdout, stderr, exitCode } = await run(`
locks: { tree: { reentrant: true } }
processes:
  a:
    uses: { b: start }
    command: |
      mpctl lock run tree -- mpctl lock run tree -- echo nested
      mpctl process start b
      mpctl process join b
      mkfifo in go
      mpctl lock run tree -- sh -c 'echo in > in; read line < go' & wrapper=$!
      read line < in
      kill -9 $wrapper
      wait $wrapper || true
      echo on > go
      mpctl process start b
      mpctl process join b
  b: { autostart: false, command: 'mpctl lock run tree --no-wait -- echo free || echo "held $?"' }
  heir: { depends_on: { a: { condition: exit } }, command: mpctl lock run tree -- echo at the end }
`);
  expect(stdout.match(/^\[(?:a|b|heir)\] .*$/gmu)).toEqual(['[a] nested', '[b] free', '[b] held 1', '[heir] at the end']);
  expect(stderr).toContain('the last holder of `tree` ended without releasing it');
  expect(exitCode).toBe(0);
});
