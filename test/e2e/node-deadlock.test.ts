import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { pythonEnvironment } from '../rig/python-environment.ts';
import { type CliResult, runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const dist = path.join(import.meta.dirname, '..', '..', 'dist');

/** Holds one lock, meets the other program, and waits for its lock, after it has begun something else. */
const hold = `import { connect } from ${JSON.stringify(pathToFileURL(path.join(dist, 'client.js')).href)};
const run = await connect();
const [one, other, between] = process.argv.slice(2);
const held = await run.lock(one).acquire();
if (between === undefined) await run.barrier('met').wait();
else await (await import(\`./\${between}\`)).default({ run, held, other, meet: () => run.barrier('met').wait() });
await (await run.lock(other).acquire()).release();
console.log('got both');
`;

const python = `import mpctl
with mpctl.Lock('right'):
    mpctl.Barrier('met').wait()
    with mpctl.Lock('left'):
        print('got both')
`;

/** Without the clock after which V8 collects garbage, behind which a false alarm could hide for 8 s. */
const node = [process.execPath, '--no-memory-reducer'];

interface Scene {
  /** What the first program does before it waits: the body of an async function, which has to `meet`. */
  readonly between: string;
  /** The second program, where it is not the same as the first. */
  readonly b?: string;
  /** A command that is no part of the deadlock and acts on the first program when both wait. */
  readonly outside?: string;
  /** How the first program is started, with its command in \`$@\`. */
  readonly start?: string;
}

async function play({ between, b = `${node.join(' ')} hold.mjs right left`, outside, start = 'exec "$@"' }: Scene): Promise<CliResult> {
  const argv = ['/bin/sh', '-c', start, 'sh', ...node, 'hold.mjs', 'left', 'right', 'between.mjs'];
  const lines = [
    'locks: { left: , right: }',
    'barriers: { met: { parties: 2 } }',
    'processes:',
    `  a: { command: ${JSON.stringify(argv)}, uses: { met: wait } }`,
    `  b: { command: exec ${b}, uses: { met: wait } }`,
    ...(outside === undefined ? [] : [`  outside: { command: ${JSON.stringify(['/bin/sh', '-c', outside])} }`]),
  ];
  const cwd = tempFolder({
    'mpctl.yaml': `${lines.join('\n')}\n`,
    'hold.mjs': hold,
    'hold.py': python,
    'between.mjs': `export default async ({ run, held, other, meet }) => {\n${between}\n};\n`,
  });
  const environment = { PATH: [path.dirname(process.execPath), process.env['PATH']].join(path.delimiter), ...pythonEnvironment };
  return runCli(['run'], { cwd, program: path.join(dist, 'mpctl.cjs'), environment });
}

const mpctl = JSON.stringify([process.execPath, path.join(dist, 'mpctl.cjs')]);
const idleWorker = "new Worker('require(\"node:worker_threads\").parentPort.on(\"message\", () => {})', { eval: true })";

describe('Node programs that wait for each other for ever', () => {
  it.each<readonly [string, Scene]>([
    ['do nothing else', { between: 'await meet();' }],
    ['wait for a program in Python, and it for them', { between: 'await meet();', b: 'python3 hold.py' }],
    ['have printed something', { between: "await meet(); console.log('hello'); console.error('hello');" }],
    ['wait in several calls at once', { between: 'await meet(); void run.lock(other).acquire(); void run.lock(other).acquire();' }],
    ['could call it off, and nobody does', { between: 'await meet(); void run.lock(other).acquire({ signal: new AbortController().signal });' }],
    ['have done something in other threads before', { between: "const { pbkdf2 } = await import('node:crypto'); await new Promise((done) => pbkdf2('x', 'y', 1000, 64, 'sha512', done)); await meet();" }],
    ['have had a child and a timer before', { between: "const { execFile } = await import('node:child_process'); await new Promise((done) => execFile('true', done)); await new Promise((done) => setTimeout(done, 1)); await meet();" }],
    ['have a worker that waits for them', { between: `const { Worker } = await import('node:worker_threads'); const worker = ${idleWorker}; await new Promise((done) => worker.on('online', done)); await meet();` }],
    ['have done something else for a second', { between: 'await meet(); void new Promise((done) => setTimeout(done, 1000));' }],
    ['have made a module of WebAssembly, on which V8 looks back later', { between: 'await WebAssembly.instantiate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])); await meet();' }],
    [
      'wait for a child in their place',
      { between: `const { spawn } = await import('node:child_process'); await meet(); const [command, ...rest] = ${mpctl}; await new Promise((done) => spawn(command, [...rest, 'lock', 'acquire', other], { stdio: 'inherit' }).on('exit', done));` },
    ],
    ['are not all that runs', { between: 'await meet();', outside: 'sleep 2' }],
  ])('end the run with 5 where they %s', async (_, scene) => {
    const { exitCode, stdout, stderr } = await play(scene);
    expect(stderr).toContain('mpctl: deadlock: each of these waits for the next\n');
    expect(stderr).toContain('`a`, which holds `left`, waits for lock `right`, held by `b` (mpctl.yaml:4)\n');
    expect(stderr).toContain('`b`, which holds `right`, waits for lock `left`, held by `a` (mpctl.yaml:5)\n');
    expect(stdout).not.toContain('got both');
    expect(exitCode).toBe(5);
  });
});

// What lasts a second here stands for what computes, for longer than it takes to find a deadlock; one that waits
// outside for a second stands for somebody who acts when he likes. Both begin to when the programs have met.
describe('Node programs of which one may still go on', () => {
  const release = 'held.release()';
  const metFile = "await meet(); (await import('node:fs')).writeFileSync('met', String(process.pid));";
  const outside = (act: string): string => `while ! [ -s met ]; do :; done; sleep 1; ${act}`;

  it.each<readonly [string, Scene]>([
    ['a timer', { between: `await meet(); setTimeout(() => ${release}, 1000);` }],
    ['a timer that does not keep it alive', { between: `await meet(); setTimeout(() => ${release}, 1000).unref();` }],
    ['what another thread may tell it until a time', { between: `await meet(); Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000).value.then(() => ${release});` }],
    ['a limit of time of its own', { between: `await meet(); run.lock(other).acquire({ signal: AbortSignal.timeout(1000) }).catch(() => ${release});` }],
    ['a limit of time of the run', { between: `await meet(); run.lock(other).acquire({ timeoutMs: 1000 }).catch(() => ${release});` }],
    ['a task that computes', { between: `await meet(); setImmediate(() => { for (const end = performance.now() + 1000; performance.now() < end; ); ${release}; });` }],
    ['a task that computes by and by', { between: `await meet(); const end = performance.now() + 1000; const turn = () => performance.now() < end ? setImmediate(turn) : ${release}; turn();` }],
    ['a task that never lets others in', { between: `await meet(); const end = performance.now() + 1000; const turn = () => performance.now() < end ? Promise.resolve().then(turn) : ${release}; setImmediate(turn);` }],
    ['a key that is derived in the pool of threads', { between: `const { scrypt } = await import('node:crypto'); await meet(); scrypt('x', 'y', 64, { N: 2 ** 17, r: 8, p: 4, maxmem: 2 ** 30 }, () => ${release});` }],
    ['something that is compressed there', { between: `const { brotliCompress } = await import('node:zlib'); const { randomBytes } = await import('node:crypto'); const bytes = randomBytes(2 ** 21); await meet(); brotliCompress(bytes, () => ${release});` }],
    ['a file that is read there and has nothing yet', { between: `(await import('node:fs')).readFile('fifo', () => ${release}); ${metFile}`, start: 'mkfifo fifo; exec "$@"', outside: outside('echo x > fifo') }],
    ['a child', { between: `const { spawn } = await import('node:child_process'); await meet(); spawn('sleep', ['1']).on('exit', () => ${release});` }],
    ['a child that it does not wait for', { between: `const { spawn } = await import('node:child_process'); await meet(); spawn('sleep', ['1'], { detached: true, stdio: 'ignore', env: {} }).on('exit', () => ${release}).unref();` }],
    ['a child that tells it something', { between: `const { fork } = await import('node:child_process'); (await import('node:fs')).writeFileSync('child.mjs', 'setTimeout(() => process.send(1), 1000)'); await meet(); fork('child.mjs', { execArgv: [] }).on('message', function () { ${release}; this.disconnect(); });` }],
    ['a worker that computes', { between: `const { Worker } = await import('node:worker_threads'); await meet(); new Worker('for (const end = performance.now() + 1500; performance.now() < end; );', { eval: true }).on('exit', () => ${release});` }],
    ['a worker with a timer', { between: `const { Worker } = await import('node:worker_threads'); await meet(); new Worker('setTimeout(() => {}, 1500)', { eval: true }).on('exit', () => ${release});` }],
    ['a worker that sleeps for a time', { between: `const { Worker } = await import('node:worker_threads'); await meet(); new Worker('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500)', { eval: true }).on('exit', () => ${release});` }],
    ['a server', { between: `const { createServer } = await import('node:net'); const server = createServer((socket) => { ${release}; socket.destroy(); server.close(); }).listen('there'); ${metFile}`, outside: outside('exec node -e \'require("node:net").connect("there").on("close", () => {})\'') }],
    ['a server that does not keep it alive', { between: `const { createServer } = await import('node:net'); createServer((socket) => { ${release}; socket.destroy(); }).listen('there').unref(); ${metFile}`, outside: outside('exec node -e \'require("node:net").connect("there").on("close", () => {})\'') }],
    ['its standard input', { between: `process.stdin.once('data', () => { ${release}; process.stdin.destroy(); }); ${metFile}`, start: 'mkfifo fifo; exec "$@" < fifo', outside: `while ! [ -p fifo ]; do :; done; exec 3> fifo; ${outside('echo x >&3')}` }],
    ['a folder that it watches', { between: `const watcher = (await import('node:fs')).watch('.', (_, name) => { if (name !== 'told') return; ${release}; watcher.close(); }); ${metFile}`, outside: outside('touch told') }],
    ['a handler of SIGUSR1', { between: `process.on('SIGUSR1', () => ${release}); ${metFile}`, outside: outside('kill -s USR1 "$(cat met)"') }],
    ['a handler of SIGUSR2', { between: `process.on('SIGUSR2', () => ${release}); ${metFile}`, outside: outside('kill -s USR2 "$(cat met)"') }],
  ])('go on where it has %s', async (_, scene) => {
    const { exitCode, stdout, stderr } = await play(scene);
    expect(stderr).not.toContain('deadlock');
    expect(stdout.match(/got both/gu)).toHaveLength(2);
    expect(exitCode).toBe(0);
  });
});
