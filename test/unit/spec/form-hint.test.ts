import { describe, expect, it } from 'vitest';
import { present } from '../../../src/base/invariant.ts';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.ts';
import { loadSpec } from '../../../src/spec/load-spec.ts';
import { memoryHost } from './memory-host.ts';

function diagnosticsOf(text: string): readonly Diagnostic[] {
  return loadSpec('mpctl.yaml', memoryHost({ 'mpctl.yaml': text })).diagnostics;
}

const top = (written: string): string => `${written}\nprocesses: { other: { command: x } }\n`;
const inProcess = (written: string): string => `processes:\n  main:\n    command: x\n    ${written}\n`;
const inPool = (written: string): string => `pools:\n  main:\n    command: x\n    ${written}\n`;
const inSection = (section: string) => (written: string): string => `${section}:\n  ${written}\n`;
const inSteps = (written: string): string => `processes:\n  main:\n    steps:\n      ${written}\n`;

/** What is wrong, what the hint must make of it, and where both stand. */
type Row = readonly [wrong: string, right: string, around: (written: string) => string];

const rows: readonly Row[] = [
  ['locks: [file, tree]', 'locks: { file: , tree: }', top],
  ['events: go', 'events: { go: }', top],
  ['shell: bash', 'shell: [bash, -c]', top],
  ['stop: SIGINT', 'stop: { signal: SIGINT }', top],
  ['environment: text', 'environment: { NAME: VALUE }', top],
  ['environment: A=1', 'environment: [A=1]', top],
  ['=x', 'NAME=VALUE', (written) => `environment:\n  - ${written}\n`],
  ['{ A: x }', 'A=x', (written) => `environment:\n  - ${written}\n`],
  ['PORT: 80', 'PORT=80', (written) => `environment:\n  - ${written}\n`],
  ['on_failure: [stop]', 'on_failure: stop', top],
  ['timeout: soon', 'timeout: 5s', top],
  ['working_dir: { a: b }', 'working_dir: b', top],
  ['processes: ./serve', 'processes: { NAME: { command: COMMAND } }', (written) => `${written}\n`],
  ['a: true', 'a: { reentrant: true }', inSection('locks')],
  ['a: [1]', 'a: 1', inSection('semaphores')],
  ['a: true', 'a: { set: true }', inSection('events')],
  ['a: b', 'a: { lock: b }', inSection('conditions')],
  ['a: 3', 'a: { parties: 3 }', inSection('barriers')],
  ['a: 100', 'a: { capacity: 100 }', inSection('queues')],
  ['a: [x, y]', 'a: { items: [x, y] }', inSection('queues')],
  ['a: [x, y]', 'a: { between: [x, y] }', inSection('pipes')],
  ['a: x', 'a: { from: x, to: NAME }', inSection('pipes')],
  ['web: ./serve', 'web: { command: ./serve }', inSection('processes')],
  ['web: [serve, "80"]', 'web: { command: [serve, "80"] }', inSection('processes')],
  ['web:', 'web: { command: COMMAND }', inSection('processes')],
  ['processes: [{name: a, command: x}, {name: b, command: y}]', 'processes: { a: { command: x }, b: { command: y } }', (written) => `${written}\n`],
  ['processes: [{a: {command: x}}]', 'processes: { a: { command: x } }', (written) => `${written}\n`],
  ['processes: [{a: ./serve}, {b: [x, y]}]', 'processes: { a: { command: ./serve }, b: { command: [x, y] } }', (written) => `${written}\n`],
  ['processes: [a]', 'processes: { a: { command: COMMAND } }', (written) => `${written}\n`],
  ['command: []', 'command: [COMMAND, ARGUMENT]', (written) => `processes:\n  main:\n    ${written}\n`],
  ['command: ""', 'command: COMMAND', (written) => `processes:\n  main:\n    ${written}\n`],
  ['command: { run: x }', 'command: x', (written) => `processes:\n  main:\n    ${written}\n`],
  ['depends_on: db', 'depends_on: [db]', inProcess],
  ['depends_on: { db: ready }', 'db: { condition: ready }', inProcess],
  ['depends_on: { db: service_healthy }', 'db: { condition: ready }', inProcess],
  ['depends_on: { db: [ready] }', 'db: { condition: ready }', inProcess],
  ['depends_on: [{ db: { condition: ready } }]', 'depends_on: { db: { condition: ready } }', inProcess],
  ['depends_on: [{ db: { condition: service_healthy } }]', 'depends_on: { db: { condition: ready } }', inProcess],
  ['depends_on: [{ db: { condition: done, timeout: 5s } }]', 'depends_on: { db: { condition: exit, timeout: 5s } }', inProcess],
  ['depends_on: [{ name: db, condition: service_healthy }]', 'depends_on: { db: { condition: ready } }', inProcess],
  ['depends_on: [a, { db: ready }]', 'depends_on: { a: , db: { condition: ready } }', inProcess],
  ['wait_for: go', 'wait_for: [go]', inProcess],
  ['sets: ready', 'sets: { ready: NAME }', inProcess],
  ['sets: up', 'sets: { start: up }', inProcess],
  ['uses: work', 'uses: { work: put }', inProcess],
  ['stdin: data.txt', 'stdin: { file: data.txt }', inProcess],
  ['stdin: "one\\ntwo"', 'stdin: { text: TEXT }', inProcess],
  ['stdout: out.log', 'stdout: { file: out.log }', inProcess],
  ['readiness_probe: { port: 5432 }', 'readiness_probe: { tcp_socket: { port: 5432 } }', inProcess],
  ['readiness_probe: { port: 80, path: / }', 'readiness_probe: { http_get: { port: 80, path: / } }', inProcess],
  ['readiness_probe: 5432', 'readiness_probe: { tcp_socket: { port: 5432 } }', inProcess],
  ['readiness_probe: http://localhost:80/up', 'readiness_probe: { http_get: { port: 80, path: /up } }', inProcess],
  ['readiness_probe: https://example.org/up', 'readiness_probe: { http_get: { port: 443, path: /up, host: example.org, scheme: https } }', inProcess],
  ['readiness_probe: { http_get: http://localhost:80/up }', 'http_get: { port: 80, path: /up }', inProcess],
  ['readiness_probe: { tcp_socket: 5432 }', 'tcp_socket: { port: 5432 }', inProcess],
  ['readiness_probe: pg_isready -q', 'readiness_probe: { exec: "pg_isready -q" }', inProcess],
  ['backoff: 1s', 'backoff: { initial: 1s }', inProcess],
  ['log: 50M', 'log: { max_size: 50M }', inProcess],
  ['stop: 10s', 'stop: { grace_period: 10s }', inProcess],
  ['stop: ./bye.sh', 'stop: { command: ./bye.sh }', inProcess],
  ['success_exit_codes: 3', 'success_exit_codes: [3]', inProcess],
  ['success_exit_codes: []', 'success_exit_codes: [0]', inProcess],
  ['matrix: [1, 2]', 'matrix: { KEY: [VALUE, VALUE] }', inProcess],
  ['matrix: { py: 3.10 }', 'py: [3.10]', inProcess],
  ['args: --fast', 'args: [--fast]', inProcess],
  ['args: "a, b"', 'args: ["a, b"]', inProcess],
  ['working_dir: [db]', 'working_dir: db', inProcess],
  ['restart: { policy: always }', 'restart: always', inProcess],
  ['timeout: { minutes: 3 }', 'timeout: 5s', inProcess],
  ['retry: "3"', 'retry: { attempts: 1 }', inPool],
  ['"retry": 3', 'retry: { attempts: 3 }', inPool],
  ['halt: 5', 'halt: { after: 5 }', inPool],
  ['halt: 10%', 'halt: { after: 10% }', inPool],
  ["tasks: '*.txt'", 'tasks: { glob: "*.txt" }', inPool],
  ['tasks: 10', 'tasks: { range: [1, 10] }', inPool],
  ['tasks: { range: 10 }', 'range: [1, 10]', inPool],
  ['tasks: { range: { from: 1 } }', 'range: [1, 1]', inPool],
  ['tasks: urls.txt', 'tasks: { lines: urls.txt }', inPool],
  ['tasks: stdin', 'tasks: { stdin: lines }', inPool],
  ['tasks: 1..10', 'tasks: { range: [1, 10] }', inPool],
  ['tasks: { range: 3-7 }', 'range: [3, 7]', inPool],
  ['results: out.jsonl', 'results: { file: out.jsonl }', inPool],
  ['- echo hi', '- run: echo hi', inSteps],
  ['- {}', '- run: COMMAND', inSteps],
];

describe('a value of the wrong shape gets the right form as its hint', () => {
  it.each(rows)('%s', (wrong, right, around) => {
    const hints = diagnosticsOf(around(wrong)).map(({ hint }) => hint);
    expect(hints).toEqual([`write \`${right}\``]);
  });

  it.each(rows)('which is right in place of %s', (wrong, right, around) => {
    const inner = /^(?<outer>\w+): \{ (?<entry>\w+:.*) \}$/.exec(wrong)?.groups;
    const isInner = inner !== undefined && !right.startsWith(`${present(inner['outer'], 'the key of a row')}:`);
    const mended = isInner ? `${present(inner['outer'], 'the key of a row')}: { ${right} }` : right;
    expect(diagnosticsOf(around(mended))).toEqual([]);
  });
});

const besideRestart = 'how often and after what delay are keys beside it: `max_restarts: 3`, `backoff: {initial: 1s}`';

it.each([
  ['{ policy: always, max_restarts: 3 }', 'always'],
  ['{ max_restarts: 3, policy: unless-stopped }', 'always'],
  ['{ condition: on-failure, delay: 5s }', 'on_failure'],
  ['{ max_restarts: 3 }', 'on_failure'],
])('`restart` is a word, and what a mapping says more has keys of its own: %s', (written, word) => {
  const hints = diagnosticsOf(inProcess(`restart: ${written}`)).map(({ hint }) => hint);
  expect(hints).toEqual([`write \`restart: ${word}\`; ${besideRestart}`]);
});

it('what stands beside `restart` in the hint is right there', () => {
  const keys = [...besideRestart.matchAll(/`(?<key>[^`]+)`/g)].map(({ groups }) => present(groups?.['key'], 'a key of the hint'));
  expect(keys).toHaveLength(2);
  expect(diagnosticsOf(inProcess(['restart: always', ...keys].join('\n    ')))).toEqual([]);
});

it('what is missing comes with how it is written', () => {
  const hintOf = (text: string): readonly (string | null)[] => diagnosticsOf(text).map(({ hint }) => hint);
  expect(hintOf('processes: { a: { env_file: { required: false }, command: x } }')).toEqual(['add `path: PATH`']);
  expect(hintOf('barriers: { b: {} }')).toEqual(['add `parties: 1`']);
  expect(hintOf('processes: { a: { restart: always } }')).toEqual(['add `command: COMMAND`']);
  expect(hintOf('processes: { a: { steps: [{ put: q }] } }')).toEqual(['add `item: VALUE`']);
});

it.each([
  ['with: { slots: 2 }', 'write `{ name: slots, permits: 2 }`'],
  ['with: [{ slots: 2 }]', 'write `{ name: slots, permits: 2 }`'],
  ['with: { semaphore: slots }', 'mpctl says `name`'],
  ['wait_for: [{ go: 30s }]', 'write `{ name: go, timeout: 30s }`'],
  ['env_file: { path: .env, optional: true }', 'mpctl says `required: false`'],
  ['image: nginx', 'mpctl runs programs of this machine and no containers, so leave it out'],
  ['stop: { timeout: 10s }', 'mpctl says `grace_period`'],
  ['sets: { done: go }', 'mpctl says `exit`, `success` or `failure`'],
])('%s is one finding, with what mpctl has for it', (written, hint) => {
  expect(diagnosticsOf(inProcess(written)).map((finding) => finding.hint)).toEqual([hint]);
});

it.each([
  ['web: bundle exec rails s', 'a process stands under `processes`: write `web: { command: bundle exec rails s }`'],
  ['web: { command: x }', 'a process stands under `processes`, and so indented further'],
])('a process outside of its section: %s', (written, hint) => {
  expect(diagnosticsOf(written).map((finding) => finding.hint)).toEqual([hint]);
});

it('a key of a process at the place of a name', () => {
  const hints = diagnosticsOf('processes:\n  a:\n  command: echo a\n').map(({ hint }) => hint);
  expect(hints).toEqual([
    'write `a: { command: COMMAND }`',
    'indent `command` further than the name above it, to which it belongs',
  ]);
});

it.each([
  ['- web: npm start', 'write `processes: { web: { command: npm start } }`'],
  ['- 5', 'write `processes: { NAME: { command: COMMAND } }`'],
  ['npm start', 'begin with `processes:`'],
])('a spec that is no mapping: %s', (written, hint) => {
  expect(diagnosticsOf(written).map((finding) => finding.hint)).toEqual([hint]);
});

it.each([
  ['put: work, 2', 'write `put: NAME`'],
  ['wait: 5s', 'write `wait: NAME`'],
  ['sleep: 5', 'write `5s`'],
])('a name is not made of what is none: %s', (written, hint) => {
  const findings = diagnosticsOf(inSteps(`- { ${written.replace(/: (.*)$/, ': "$1"')} }`));
  expect(findings.filter(({ code }) => code === 'MP103').map((finding) => finding.hint)).toEqual([hint]);
});

it.each([
  ['timeout: 5m1h', inProcess, 'write `1h5m`'],
  ['timeout: 30 seconds 2 minutes', inProcess, 'write `2m30s`'],
  ['timeout: 0s', inProcess, 'leave it out, or give it more time'],
  ['timeout: 0', inProcess, 'leave it out, or give it more time'],
  ['timeout: 0s', inPool, 'leave it out, or give it more time'],
  ['timeout: 0m0s', top, 'leave it out, or give it more time'],
  ['readiness_probe: { tcp_socket: { port: 80 }, timeout: 0s }', inProcess, 'leave it out, or give it more time'],
  ['log: { max_size: 1000 }', inProcess, 'write `1000B`'],
  ['halt: { after: 0 }', inPool, 'write `after: 1`'],
  ['halt: { after: 0% }', inPool, 'write `after: 1`'],
  ['success_exit_codes: [256]', inProcess, 'leave it out: no process ends with it'],
  ['success_exit_codes: [-15]', inProcess, 'leave it out: no process ends with it'],
  ['- exit: 300', inSteps, 'for a failure write `1`'],
  ['- exit: failed', inSteps, 'write `exit: 1`'],
  ['- shutdown: -1', inSteps, 'for a failure write `1`'],
  ['a: 99999999999999999999', inSection('semaphores'), 'write `9007199254740991`'],
  ['uses: { talk: send }', inProcess, 'leave it out: the two ends of a pipe need no entry in `uses`'],
  ['uses: { work: [put, join] }', inProcess, 'leave it out: it needs no entry in `uses`'],
  ['uses: { go: clear }', inProcess, 'write `set`, which covers it'],
])('a value of the right kind that cannot be meant gets no sample that means something else: %s', (written, around, hint) => {
  expect(diagnosticsOf(around(written)).map((finding) => finding.hint)).toEqual([hint]);
});

it.each([
  ['shell: [bash, -c]', inProcess, 'it stands at the top of the spec and holds for all of it'],
  ['on_failure: stop', inPool, 'it stands at the top of the spec and holds for all of it'],
  ['queues: { q: }', inProcess, 'it is a section of its own at the top of the spec'],
  ['name: api', inProcess, 'it is called as its key says; `name` at the top of the spec is the name of the run'],
])('a key of the spec within one process is told its place: %s', (written, around, hint) => {
  expect(diagnosticsOf(around(written)).map((finding) => finding.hint)).toEqual([hint]);
});

it('a number that is too large is told the largest, and a name that is used the mapping it stands in', () => {
  const messages = (text: string): readonly string[] => diagnosticsOf(text).map(({ message }) => message);
  expect(messages('semaphores: { a: 99999999999999999999 }')).toEqual([
    '`a` is `99999999999999999999`; expected a whole number from 0 up to 9007199254740991 or a mapping',
  ]);
  expect(messages(inProcess('uses: { talk: [send] }'))[0]).toMatch(/^an item of `talk` in `uses` is `send`; expected/);
});

it.each([
  ['$HOME is home', 'write `${{ env.HOME }} is home`'],
  ['$who is ${HOME}', 'write `${{ vars.who }} is ${{ env.HOME }}`'],
  ['$HOME is $(pwd)', 'a `run` step has a shell: `run: \'echo "$HOME is $(pwd)"\'`'],
  ['at $(date)', 'a `run` step has a shell: `run: \'echo "at $(date)"\'`'],
  ['say "$(date)"', 'a `run` step has a shell: `run: echo …`'],
])('what only a shell would understand is written without one: %s', (text, hint) => {
  const steps = `- { run: whoami, as: who }\n      - print: '${text}'`;
  expect(diagnosticsOf(inSteps(steps)).map((finding) => finding.hint)).toEqual([hint]);
});

it.each(['costs $5', 'a $ (sign)', '$(5)', '${{ env.HOME }}'])('%s is printed as it is', (text) => {
  expect(diagnosticsOf(inSteps(`- print: '${text}'`))).toEqual([]);
});

it('two verbs are two steps', () => {
  const [finding] = diagnosticsOf('processes: { a: { steps: [{ run: x, print: y }] } }');
  expect(finding?.hint).toBe('make two items of it: `- run: …` and `- print: …`');
});

it('a long value is not repeated', () => {
  const [finding] = diagnosticsOf(`processes: { a: { command: x, wait_for: ${'long'.repeat(20)} } }`);
  expect(finding?.hint).toBe('write `wait_for: [NAME]`');
});
