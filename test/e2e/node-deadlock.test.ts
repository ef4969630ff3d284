import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type CliResult, runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const dist = path.join(import.meta.dirname, '..', '..', 'dist');

/** Holds one lock, meets the other program, and waits for its lock, after what is put in between. */
const hold = `import { connect } from ${JSON.stringify(pathToFileURL(path.join(dist, 'client.js')).href)};
const run = await connect();
const [one, other, between] = process.argv.slice(2);
const held = await run.lock(one).acquire();
await run.barrier('met').wait();
await eval(between ?? '0');
await (await run.lock(other).acquire()).release();
console.log('got both');
`;

/** Runs two of them, the locks the other way round; the first has something else to do. */
async function run(between: string): Promise<CliResult> {
  const spec = `locks: { left: , right: }
barriers: { met: { parties: 2 } }
processes:
  a: { command: [${JSON.stringify(process.execPath)}, hold.mjs, left, right, ${JSON.stringify(between)}], uses: { met: wait } }
  b: { command: [${JSON.stringify(process.execPath)}, hold.mjs, right, left], uses: { met: wait } }
`;
  return runCli(['run'], { cwd: tempFolder({ 'mpctl.yaml': spec, 'hold.mjs': hold }), program: path.join(dist, 'mpctl.cjs') });
}

describe('Node programs that wait for each other for ever', () => {
  it.each([
    ['do nothing else', '0'],
    ['have printed something', "console.log('hello'), console.error('hello')"],
    ['wait in several calls at once', "void run.lock(other).acquire(), void run.lock(one).acquire()"],
    ['have a timer that they do not wait for', 'void setInterval(() => {}, 20).unref()'],
  ])('end the run with 5 where they %s', async (_, between) => {
    const { exitCode, stdout, stderr } = await run(between);
    expect(stderr).toContain('mpctl: deadlock: each of these waits for the next\n');
    expect(stderr).toContain('`b`, which holds `right`, waits for lock `left`, held by `a` (mpctl.yaml:5)\n');
    expect(stdout).not.toContain('got both');
    expect(exitCode).toBe(5);
  });

  it.each([
    ['a timer', 'void setTimeout(() => held.release(), 1000)'],
    ['a time that ends the wait', "run.lock(other).acquire({ signal: AbortSignal.timeout(1000) }).catch(() => held.release())"],
    ['a child', "import('node:child_process').then(({ spawn }) => void spawn('sleep', ['1']).on('exit', () => held.release()))"],
    ['another socket', "import('node:net').then(({ createServer, connect: join }) => { const s = createServer((c) => setTimeout(() => c.end('x'), 1000)); s.listen('there', () => join('there').on('data', () => { held.release(); s.close(); })); })"],
    ['a handler of a signal', "void process.on('SIGUSR2', () => held.release()), import('node:child_process').then(({ spawn }) => void spawn('sh', ['-c', 'sleep 1; kill -USR2 ' + process.pid], { detached: true, stdio: 'ignore' }).unref())"],
  ])('go on where one of them has %s', async (_, between) => {
    const { exitCode, stdout, stderr } = await run(between);
    expect(stderr).not.toContain('deadlock');
    expect(stdout.match(/got both/gu)).toHaveLength(2);
    expect(exitCode).toBe(0);
  });
});
