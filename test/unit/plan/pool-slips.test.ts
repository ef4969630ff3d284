import { expect, it } from 'vitest';
import { codesOf, planText } from '../../rig/plan-of-text.ts';

it.each([
  ['echo {}', 'write `"$MPCTL_ITEM"`, or the command as a list, with `"${{ item }}"`'],
  ["test -f '{}' && gzip '{}'", 'write `"$MPCTL_ITEM"`, or the command as a list, with `"${{ item }}"`'],
  ['convert -quality 80 photo.jpg out/{/.}.png', 'the name of the item without its folder and extension is `"$(basename "${MPCTL_ITEM%.*}")"`'],
  ['curl -sO http://localhost/{}', 'write `"$MPCTL_ITEM"`, or the command as a list, with `"${{ item }}"`'],
  ['gzip -c > {.}.gz', 'the item without its extension is `"${MPCTL_ITEM%.*}"`'],
  ['echo {#}', 'the number of the task is `"$MPCTL_TASK"`, from 0'],
])('nothing fills in the placeholder of xargs in the script %s', (script, hint) => {
  for (const body of [`command: ${JSON.stringify(script)}`, `steps: [{ run: ${JSON.stringify(script)} }]`]) {
    expect(planText(`pools: { p: { tasks: [a], ${body} } }`).diagnostics.map((finding) => [finding.code, finding.hint])).toEqual([['MP143', hint]]);
  }
});

it.each([
  'find "$MPCTL_ITEM" -exec wc {} +',
  'find . -name x -exec rm {} \\;',
  'ls | xargs -I{} echo {}',
  `curl -d '{}' localhost`,
  `http-post --json='{}' localhost`,
  `echo "count: {}"`,
  `echo '{"a": {}}'`,
  'echo ${#} # {}',
  'f() { :; }; f',
  'touch \\{\\}',
  'cat <<END\n{}\nEND',
  'grep {} "$MPCTL_ITEM"',
])('takes braces for what the script makes of them: %s', (script) => {
  expect(codesOf(`pools: { p: { tasks: [a], command: ${JSON.stringify(script)} } }`)).toEqual([]);
});

it.each([
  ['[10, 1]', 'write `range: [1, 10]`, or `range: [10, 1, -1]` to count down'],
  ['[10, 1, 3]', 'write `range: [1, 10, 3]`, or `range: [10, 1, -3]` to count down'],
  ['[1, 10, -1]', 'write `range: [1, 10]`'],
])('a pool whose range is %s has no task', (range, hint) => {
  const { diagnostics } = planText(`pools: { p: { tasks: { range: ${range} }, command: x } }`);
  expect(diagnostics.map((finding) => [finding.code, finding.hint])).toEqual([['MP607', hint]]);
  expect(codesOf(`pools: { p: { tasks: { range: ${range} }, command: x } }\nprocesses: { s: { steps: [ { submit: p, item: a } ] } }`)).toEqual([]);
});

it.each(['[1, 10]', '[10, 1, -1]', '[5, 5]', '[5, 5, -1]', '[1, 10, 20]'])('a pool whose range is %s has tasks', (range) => {
  expect(codesOf(`pools: { p: { tasks: { range: ${range} }, command: x } }`)).toEqual([]);
});

it('takes braces for themselves in a script that is no task', () => {
  expect(codesOf('processes: { p: { command: "echo {}" } }')).toEqual([]);
});
