/*
 * What mpctl and its peers leave behind: each scenario for each tool, in a PID namespace of its own so that
 * nothing of it outlives this. Prints the table of the README.
 *
 *   npm run left-behind
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { scenarios, type Outcome, type Scenario } from '../bench/left-behind/scenarios.ts';
import { toolsAt, type Tool, type ToolPlaces } from '../bench/left-behind/tools.ts';

const root = join(import.meta.dirname, '..');
const pm2Version = '7.0.4';

/** Within the namespace: one scenario for one tool. */
async function runInside(tool: Tool | undefined, scenario: Scenario | undefined): Promise<void> {
  if (tool === undefined || scenario === undefined) throw new Error('there is no such scenario');
  const folder = mkdtempSync(join(tmpdir(), 'left-behind-'));
  try {
    process.stdout.write(describe(await scenario.run(tool, folder)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  // Whoever is left ends with the namespace.
  process.exit(0);
}

function describe({ ended, afterMs, left }: Outcome): string {
  const what = left.length === 0 ? 'nothing' : left.map((name) => `\`${name}\``).join(' ');
  return `${what}; ${ended} (${(afterMs / 1000).toFixed(1)} s)`;
}

function compare(): void {
  const peers = mkdtempSync(join(tmpdir(), 'peers-'));
  try {
    execaSync('npm', ['install', '--prefix', peers, '--no-save', '--no-audit', '--no-fund', `pm2@${pm2Version}`], { stdout: 'ignore' });
    console.log(`| left behind by | ${scenarios.map(({ name }) => name).join(' | ')} |`);
    console.log(`|---|${scenarios.map(() => '---').join('|')}|`);
    for (const [toolIndex, { name }] of toolsAt(placesWith(peers)).entries()) {
      const cells = scenarios.map((_, scenarioIndex) => {
        const inside = [process.execPath, ...process.execArgv, import.meta.filename, peers, String(toolIndex), String(scenarioIndex)];
        return execaSync('unshare', ['--pid', '--fork', '--mount-proc', '--kill-child', ...inside]).stdout;
      });
      console.log(`| ${name} | ${cells.join(' | ')} |`);
    }
  } finally {
    rmSync(peers, { recursive: true, force: true });
  }
}

function placesWith(peers: string): ToolPlaces {
  return { mpctl: join(root, 'dist/mpctl.cjs'), concurrently: join(root, 'node_modules/concurrently'), pm2: join(peers, 'node_modules/pm2') };
}

const [peers, toolIndex, scenarioIndex] = process.argv.slice(2);
if (peers === undefined) compare();
else await runInside(toolsAt(placesWith(peers))[Number(toolIndex)], scenarios[Number(scenarioIndex)]);
