import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderVerdictPage } from '../../../src/verify/html/verdict-page.ts';
import { judge } from '../../../src/verify/judge.ts';
import { callMain } from '../../rig/call-main.ts';
import { expectGolden } from '../../rig/golden-file.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { tempFolder } from '../../rig/temp-folder.ts';

const examples = path.join(import.meta.dirname, '..', '..', '..', 'examples', 'deadlocks');

/** The page that `mpctl check --html` writes about these files of an example. */
async function pageOf(example: string, ...files: readonly string[]): Promise<string> {
  const folder = tempFolder(Object.fromEntries(files.map((file) => [file, readFileSync(path.join(examples, example, file), 'utf8')])));
  await callMain(['check', ...files, '--html', 'page.html'], { cwd: folder });
  return readFileSync(path.join(folder, 'page.html'), 'utf8');
}

describe('the page of a check', () => {
  it.each(['locks-in-opposite-order', 'waits-for-who-needs-its-lock', 'tasks-that-wait-for-tasks-of-their-pool'])('draws the deadlock of %s, and says that it is mended', async (name) => {
    expectGolden(path.join(import.meta.dirname, `${name}.html`), await pageOf(name, 'wrong.yaml', 'right.yaml'));
  });

  it.each(readdirSync(examples))('of %s takes nothing from elsewhere and runs nothing', async (name) => {
    const page = await pageOf(name, 'wrong.yaml');
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|https?:|\son\w+=/iu);
    expect(page).toContain('prefers-color-scheme: dark');
    expect(page).toMatch(/<path class="wait"|<text class="wait beside"/u);
  });

  it('shows names as they are written, whatever they would mean in HTML', () => {
    const judgement = judge(validPlan('processes: { a: { command: [x] } }'), { maxStates: 10, mayGoOn: () => true });
    const page = renderVerdictPage([{ name: '<b>&"\'.yaml', judgement, lineOf: () => null }]);
    expect(page).toContain('<h2>&lt;b&gt;&amp;&quot;&#39;.yaml</h2>');
  });

  it('says of a spec that is not valid that it was not looked at', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': 'processes: { a: { comand: [x] } }\n' });
    await callMain(['check', '--html', 'page.html'], { cwd });
    expect(readFileSync(path.join(cwd, 'page.html'), 'utf8')).toContain('It is not valid');
  });

  it('that cannot be written ends the check with 4', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': 'processes: { a: { command: [x] } }\n' });
    const { stderr, exit } = await callMain(['check', '--html', 'no/page.html'], { cwd });
    expect(stderr).toMatch(/^error\[MP016\]: `no\/page\.html` could not be written: /u);
    expect(exit).toEqual({ type: 'code', code: 4 });
  });
});
