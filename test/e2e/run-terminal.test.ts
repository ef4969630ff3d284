import { spawn } from '@lydell/node-pty';
import { describe, expect, it, onTestFinished } from 'vitest';
import { currentCli } from '../rig/current-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

/** mpctl on a terminal of its own. */
interface TerminalRun {
  /** Everything that it has written so far, with its control sequences. */
  readonly text: () => string;
  /** Resolves once the pattern has appeared. */
  readonly waitFor: (pattern: RegExp) => Promise<void>;
  /** Types characters, as a person does. */
  readonly type: (characters: string) => void;
  readonly ended: Promise<{ readonly exitCode: number; readonly signal: number | undefined }>;
}

async function runOnTerminal(spec: string, flags: readonly string[] = [], environment: Readonly<Record<string, string>> = {}): Promise<TerminalRun> {
  const cwd = tempFolder({ 'mpctl.yaml': spec });
  const terminal = spawn(process.execPath, [await currentCli(), 'run', ...flags], {
    cwd,
    cols: 100,
    rows: 20,
    env: { PATH: process.env['PATH'], HOME: cwd, TERM: 'xterm', ...environment },
  });
  let text = '';
  const looks = new Set<() => void>();
  terminal.onData((data) => {
    text += data;
    for (const look of looks) look();
  });
  const ended = new Promise<{ exitCode: number; signal: number | undefined }>((resolve) => {
    terminal.onExit(({ exitCode, signal }) => resolve({ exitCode, signal }));
  });
  onTestFinished(() => {
    terminal.kill('SIGKILL');
  });
  return {
    text: () => text,
    waitFor: (pattern) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!pattern.test(text)) return;
          looks.delete(look);
          resolve();
        };
        looks.add(look);
        look();
      }),
    type: (characters) => terminal.write(characters),
    ended,
  };
}

const interrupt = '\u0003';

describe('on a terminal', () => {
  it('every process says what it waits for, and Ctrl-C is for mpctl alone, which says what the next one does', async () => {
    const run = await runOnTerminal(`
locks: { paper: }
processes:
  holder: { command: "trap 'echo stopped; exit 0' TERM; trap 'echo interrupted' INT; echo up; while :; do sleep 0.02; done", with: [paper] }
  next: { command: echo never, with: [paper] }
`);
    await run.waitFor(/\[holder\]\S* up/u);
    await run.waitFor(/waiting for lock `paper`, held by `holder`/u);
    run.type(interrupt);
    await run.waitFor(/cancelled after/u);
    expect(await run.ended).toMatchObject({ signal: 2 });
    expect(run.text()).toContain('press Ctrl-C again to leave everything 1 s');
    expect(run.text()).toMatch(/\[holder\]\S* stopped/u);
    expect(run.text()).not.toContain('interrupted');
    expect(run.text()).not.toContain('never');
  });

  it('a process can neither clear the screen nor move the cursor, and of a progress bar the last state stays', async () => {
    const run = await runOnTerminal(String.raw`
processes:
  rude: { command: 'printf "\033[2J\033[5;5Hrude\n"; printf "10%%\r50%%\r100%%\r\n"; printf "\033[32mgreen\033[0m\n"' }
  other: { command: [echo, other] }
`);
    await run.waitFor(/success in/u);
    expect(await run.ended).toMatchObject({ exitCode: 0 });
    expect(run.text()).not.toContain('\u001B[2J');
    expect(run.text()).not.toContain('\u001B[5;5H');
    expect(run.text()).toMatch(/\[rude\]\S* rude\r\n/u);
    expect(run.text()).toMatch(/\[rude\]\S* 100%\r\n/u);
    expect(run.text()).toContain('\u001B[32mgreen\u001B[0m\r\n');
  });

  const green = String.raw`processes: { a: { command: 'printf "\033[32mgreen\033[0m\n"' }, b: { command: [echo, b] } }`;
  // oxlint-disable-next-line no-control-regex -- Escape is what a colour begins with.
  const colour = /\u001B\[[\d;]*m/u;

  it.each([
    ['`--no-color`', ['--no-color'], {}],
    ['`NO_COLOR`', [], { NO_COLOR: '1' }],
  ])('has no colour with %s, not even that of a process', async (_, flags, environment) => {
    const run = await runOnTerminal(green, flags, environment);
    await run.waitFor(/success in/u);
    expect(await run.ended).toMatchObject({ exitCode: 0 });
    expect(run.text()).toContain('[a] green\r\n');
    expect(run.text()).not.toMatch(colour);
  });

  it('has colour where nothing refuses it, and where `FORCE_COLOR` asks for it in spite of `NO_COLOR`', async () => {
    for (const environment of [{}, { NO_COLOR: '1', FORCE_COLOR: '1' }]) {
      const run = await runOnTerminal(green, [], environment);
      await run.waitFor(/success in/u);
      expect(await run.ended).toMatchObject({ exitCode: 0 });
      expect(run.text()).toContain('\u001B[32mgreen\u001B[0m\r\n');
    }
  });

  it.each([
    ['is dumb', { TERM: 'dumb' }],
    ['feeds a log of CI', { CI: 'true' }],
  ])('shows lines with prefixes, and writes none of them over, where the terminal %s', async (_, environment) => {
    const run = await runOnTerminal(green, ['--no-color'], environment);
    await run.waitFor(/success in/u);
    expect(await run.ended).toMatchObject({ exitCode: 0 });
    expect(run.text()).toContain('[a] green\r\n');
    expect(run.text()).toContain('mpctl: `a` started');
    expect(run.text()).not.toContain('\u001B');
  });

  it.each(['', 'false', '0'])('has the live view where `CI` is %j, which says that it is none', async (ci) => {
    const run = await runOnTerminal('processes: { a: { command: sleep 600 } }', [], { CI: ci });
    await run.waitFor(/0 of 1 ended, 1 running/u);
    run.type(interrupt);
    expect(await run.ended).toMatchObject({ signal: 2 });
  });
});
