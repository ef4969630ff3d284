import { describe, expect, it } from 'vitest';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { callMain } from '../rig/call-main.ts';
import { runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const root = path.join(import.meta.dirname, '../..');
const pages = [
  'README.md',
  'examples/multiprocessing/README.md',
  ...readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`),
];

function read(page: string): string {
  return readFileSync(path.join(root, page), 'utf8');
}

/** The finding of `mpctl check --strict` on a text; empty for a good spec. */
async function complaintOf(spec: string): Promise<string> {
  const { exit, stdout } = await callMain(['check', '--strict', '-'], { input: spec, cwd: tempFolder({ '.env': 'PORT=3000\n', 'urls.txt': 'a\n' }) });
  return exit.type === 'code' && exit.code === 0 ? '' : stdout;
}

const specs = pages.flatMap((page) =>
  [...read(page).matchAll(/^```ya?ml\n(?<spec>[^]*?)^```$/gm)].map(({ groups, index }) => ({
    page,
    line: read(page).slice(0, index).split('\n').length,
    spec: groups?.['spec'] ?? '',
  })),
);

it('finds the specs of the pages', () => {
  expect(specs.map(({ page }) => page)).toEqual(expect.arrayContaining(['README.md', 'docs/coming-from.md']));
});

it.each(specs)('$page:$line shows a valid spec', async ({ spec }) => {
  expect(await complaintOf(spec)).toBe('');
});

describe('coming from another tool', () => {
  /** What stands between backticks in the right column of the tables. */
  const ours = [...read('docs/coming-from.md').matchAll(/^\|(?:[^|]|\\\|)*\|(?<ours>.*)\|$/gm)].flatMap(({ groups }) =>
    [...(groups?.['ours'] ?? '').matchAll(/`(?<code>[^`]+)`/g)].map((found) => found.groups?.['code'] ?? ''),
  );
  const entries = ours.filter((code) => /^[a-z_]+: /.test(code));
  // A pool without a spec starts what it is called with: the e2e tests ask it for what that would be.
  const calls = ours.filter((code) => code.startsWith('mpctl ') && !code.startsWith('mpctl pool '));

  /** A right spec around an entry, at each of the places where an entry may stand. */
  function around(entry: string): readonly string[] {
    const names = 'locks: { NAME: , a: , b: }\n';
    const release = '  release: { command: [make, release] }\n';
    const retried = entry.startsWith('max_restarts:') || entry.startsWith('backoff:') ? '    restart: on_failure\n' : '';
    const halted = entry.startsWith('on_halt:') ? '    halt: { after: 1 }\n' : '';
    return [
      `${entry}\nprocesses: { web: { command: [web] } }\n`,
      `${names}processes:\n${release}  web:\n    command: [web]\n${retried}    ${entry}\n`,
      `pools:\n  each:\n    command: [each, '\${{ item }}']\n    ${entry}\n${halted}${entry.startsWith('tasks:') ? '' : '    tasks: [x]\n'}`,
      `${names}processes: { web: { steps: [{ acquire: a, ${entry} }, { release: a }] } }\n`,
    ];
  }

  it('finds what the tables say', () => {
    expect(entries.length).toBeGreaterThan(15);
    expect(calls.length).toBeGreaterThan(1);
  });

  it.each(entries)('`%s` is right where it belongs', async (entry) => {
    const complaints = await Promise.all(around(entry).map(complaintOf));
    expect(complaints).toContain('');
  });

  it.each(calls)('`%s` runs', async (call) => {
    const cwd = tempFolder({ 'mpctl.yaml': 'pools: { web: { command: [echo, up], tasks: [x] } }\n' });
    // There is a run to go on from.
    await runCli(['run'], { cwd });
    expect(await runCli(call.split(' ').slice(1), { cwd })).toMatchObject({ exitCode: 0 });
  });
});
