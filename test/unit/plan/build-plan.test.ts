import { describe, expect, it } from 'vitest';
import { Template } from '../../../src/base/template.ts';
import { codesOf, instanceOf, planText, poolOf, validPlan } from '../../rig/plan-of-text.ts';

describe('defaults', () => {
  const plan = validPlan('processes: { a: { command: [true] } }\n');

  it('are those of the language page', () => {
    expect(plan).toMatchObject({
      name: 'project',
      workingDir: '/project',
      onFailure: 'stop',
      timeoutMs: null,
      maxParallel: null,
    });
    expect(instanceOf(plan, 'a')).toMatchObject({
      kind: 'process',
      process: 'a',
      replica: 1,
      replicas: 1,
      workingDir: '/project',
      stdin: { type: 'null' },
      stdout: { type: 'log' },
      stderr: { type: 'log' },
      successExitCodes: [0],
      stop: { signal: 'SIGTERM', graceMs: 5000, command: null },
      restart: 'no',
      maxRestarts: { count: 5, withinMs: 60_000 },
      backoff: { initialMs: 200, maxMs: 30_000, factor: 2, jitter: 0.1 },
      timeoutMs: null,
      autostart: true,
      log: { maxSizeBytes: 50 * 1024 ** 2, keep: 10, maxLineBytes: 64 * 1024 },
    });
  });

  it('of probes depend on their purpose and kind', () => {
    const probes = validPlan(`
processes:
  a: { command: x, readiness_probe: { tcp_socket: { port: 80 } }, liveness_probe: { http_get: { port: 80 } } }
  b: { command: x, readiness_probe: { exec: "true" } }
`);
    expect(instanceOf(probes, 'a').readinessProbe).toMatchObject({
      periodMs: 20,
      timeoutMs: 1000,
      failureThreshold: 300,
    });
    expect(instanceOf(probes, 'a').livenessProbe).toMatchObject({
      periodMs: 10_000,
      failureThreshold: 3,
      path: '/',
      status: null,
    });
    expect(instanceOf(probes, 'b').readinessProbe).toMatchObject({
      periodMs: 100,
      command: { type: 'shell', shell: ['/bin/sh', '-e', '-c'] },
    });
  });
});

describe('instances', () => {
  it('are named after replicas, matrix values, or both', () => {
    const plan = validPlan(`
processes:
  one: { command: x }
  few: { command: x, replicas: 2 }
  grid: { command: x, matrix: { py: [3.10, 3.11], os: [a/b] } }
  both: { command: x, matrix: { py: [3.12] }, replicas: 1 }
`);
    expect(plan.instances.map(({ name }) => name)).toEqual([
      'one',
      'few-1',
      'few-2',
      'grid-3.10-a_b',
      'grid-3.11-a_b',
      'both-3.12-1',
    ]);
  });

  it('share everything unless the spec names what differs', () => {
    const plan = validPlan(`
environment: { LOG: debug }
processes:
  same: { command: x, replicas: 2, environment: { A: "1" } }
  own: { command: [x, "\${{ replica }}/\${{ replicas }}"], replicas: 2 }
`);
    expect(instanceOf(plan, 'same-1').environment).toBe(instanceOf(plan, 'same-2').environment);
    expect(instanceOf(plan, 'same-1').body).toBe(instanceOf(plan, 'same-2').body);
    expect(instanceOf(plan, 'own-2').body).toMatchObject({ command: { argv: ['x', '2/2'] } });
  });

  it('stand for all when the process is named', () => {
    const plan = validPlan(`
processes:
  w: { command: x, replicas: 2 }
  all: { command: x, depends_on: [w] }
  one: { command: x, depends_on: [w-2] }
`);
    expect(instanceOf(plan, 'all').dependsOn[0]?.target).toEqual({
      type: 'instances',
      instances: ['w-1', 'w-2'],
    });
    expect(instanceOf(plan, 'one').dependsOn[0]?.target).toEqual({
      type: 'instances',
      instances: ['w-2'],
    });
  });

  it.each([
    ['another process', 'processes: { w: { command: x, replicas: 2 }, w-2: { command: x } }'],
    ['a name that differs in case', 'processes: { w: { command: x, matrix: { v: [a, A] } } }'],
    [
      'the slot of a pool',
      'processes: { p-1: { command: x } }\npools: { p: { workers: 1, command: x, tasks: [a] } }',
    ],
  ])('may not clash with %s', (_, text) => {
    expect(codesOf(text)).toEqual(['MP124']);
  });
});

describe('interpolation', () => {
  const environmentOf = (text: string, name: string, key: string, host = {}): unknown => {
    const instance = instanceOf(
      validPlan(text, { environment: host, files: { '.env': 'A=file\nB=file' } }),
      name,
    );
    return instance.environment.flat().findLast(([variable]) => variable === key)?.[1];
  };

  it('sees in environment the layers before it', () => {
    const text = `
env_file: .env
environment: { B: "top+\${{ env.B }}", C: "\${{ env.HOME }}" }
processes:
  a: { command: x, environment: { B: "own+\${{ env.B }}" } }
`;
    const host = { HOME: '/home' };
    expect(environmentOf(text, 'a', 'A', host)).toBe('file');
    expect(environmentOf(text, 'a', 'B', host)).toBe('own+top+file');
    expect(environmentOf(text, 'a', 'C', host)).toBe('/home');
  });

  it('puts what the command line sets above everything but what mpctl sets', () => {
    const { plan } = planText(
      `processes: { a: { command: [x, "\${{ env.A }}", "\${{ env.MPCTL_PROCESS }}"], environment: { A: low } } }`,
      {
        overrides: {
          environment: [
            ['A', 'high'],
            ['MPCTL_PROCESS', 'no'],
          ],
        },
      },
    );
    expect(plan?.instances[0]?.body).toMatchObject({ command: { argv: ['x', 'high', 'a'] } });
  });

  it('fills values of every kind, reading text from the environment as numbers and flags', () => {
    const plan = validPlan(
      `
semaphores: { s: "\${{ env.N }}" }
processes:
  a: { command: x, timeout: "\${{ env.T }}", replicas: "\${{ cpu_count }}", allow_failure: "\${{ env.F || true }}" }
`,
      { environment: { N: '3', T: '2s' } },
    );
    expect(plan.primitives[0]).toMatchObject({ permits: 3 });
    expect(plan.instances).toHaveLength(4);
    expect(plan.instances[0]).toMatchObject({ timeoutMs: 2000, allowFailure: true });
  });

  it('leaves to the run what only the run knows', () => {
    const plan = validPlan(`
processes:
  a: { steps: [ { run: [y], as: n }, { run: [x, "\${{ vars.n }} of \${{ cpu_count }}"] } ] }
`);
    const { body } = instanceOf(plan, 'a');
    const [, step] = body.type === 'steps' ? body.steps : [];
    const word =
      step?.verb === 'run' && step.command.type === 'argv' ? step.command.argv[1] : undefined;
    expect(word).toBeInstanceOf(Template);
    expect(word instanceof Template ? word.parts : []).toMatchObject([
      { path: ['vars', 'n'] },
      ' of 4',
    ]);
  });

  it.each([
    ['an unset name', 'processes: { a: { command: [x, "${{ env.NO }}"] } }', 'MP121'],
    ['a matrix outside of one', 'processes: { a: { command: [x, "${{ matrix.py }}"] } }', 'MP121'],
    [
      'a value of the wrong kind',
      'processes: { a: { command: x, replicas: "${{ env.HOME }}" } }',
      'MP125',
    ],
    ['a longest time of zero', 'processes: { a: { command: x, timeout: "${{ env.NONE || \'0s\' }}" } }', 'MP125'],
    [
      'several instances of a process',
      'processes: { a: { command: x, replicas: 2 }, b: { command: [x, "${{ process.a.pid }}"] } }',
      'MP514',
    ],
    ['no process', 'processes: { b: { command: [x, "${{ process.a.pid }}"] } }', 'MP105'],
    [
      'a missing file of variables',
      'env_file: nothing.env\nprocesses: { a: { command: x } }',
      'MP123',
    ],
  ])('refuses %s', (_, text, code) => {
    expect(codesOf(text, { environment: { HOME: '/home' } })).toEqual([code]);
  });
});

describe('paths', () => {
  it('begin at the spec, its working_dir, and that of the process', () => {
    const plan = validPlan(`
working_dir: sub
processes:
  a: { command: x }
  b: { working_dir: ../other/./deep, steps: [ { run: x, working_dir: .. } ] }
  c: { working_dir: /absolute, command: x }
`);
    expect(plan.workingDir).toBe('/project/sub');
    expect(instanceOf(plan, 'a').workingDir).toBe('/project/sub');
    expect(instanceOf(plan, 'b').workingDir).toBe('/project/other/deep');
    expect(instanceOf(plan, 'b').body).toMatchObject({ steps: [{ workingDir: '/project/other' }] });
    expect(instanceOf(plan, 'c').workingDir).toBe('/absolute');
  });
});

describe('waits before the start', () => {
  it('are ready for daemons and what has a probe, success for everything else', () => {
    const plan = validPlan(`
daemons: { d: { command: x } }
processes:
  probed: { command: x, readiness_probe: { exec: y } }
  plain: { command: x }
  a: { command: x, depends_on: { d: , probed: , plain: , pool: { timeout: 1m } } }
pools: { pool: { command: x, tasks: [a] } }
`);
    expect(
      instanceOf(plan, 'a').dependsOn.map(({ name, moment, timeoutMs }) => [
        name,
        moment,
        timeoutMs,
      ]),
    ).toEqual([
      ['d', 'ready', null],
      ['probed', 'ready', null],
      ['plain', 'success', null],
      ['pool', 'success', 60_000],
    ]);
  });

  it('put events before barriers', () => {
    const plan = validPlan(`
events: { e: { set: true }, f: { set: true } }
barriers: { b: { parties: 1 } }
processes: { a: { command: x, wait_for: [e, { name: b, timeout: 1s }, f] } }
`);
    expect(instanceOf(plan, 'a').waitFor.map(({ name }) => name)).toEqual(['e', 'f', 'b']);
  });
});

describe('steps', () => {
  const stepsOf = (steps: string): unknown => {
    const plan = validPlan(`
locks: { l: }
events: { e: { set: true } }
barriers: { b: { parties: 1 } }
queues: { q: { items: [1] } }
values: { n: 0 }
processes:
  reader: { command: x, uses: { q: get } }
  main:
    steps:
${steps}
`);
    const { body } = instanceOf(plan, 'main');
    return body.type === 'steps' ? body.steps : [];
  };

  it.each([
    ['{ wait: e }', { timeoutMs: null, onTimeout: { type: 'fail' } }],
    ['{ wait: e, block: false }', { timeoutMs: 0, onTimeout: { type: 'fail' } }],
    ['{ wait: e, timeout: 2s, as: came }', { timeoutMs: 2000, onTimeout: { type: 'continue' } }],
    ['{ wait: e, timeout: 2s, as: came, on_timeout: fail }', { onTimeout: { type: 'fail' } }],
    ['{ wait: b, timeout: 2s, as: index }', { kind: 'barrier', onTimeout: { type: 'fail' } }],
    ['{ get: q, timeout: 2s, as: item }', { onTimeout: { type: 'fail' } }],
    [
      '{ get: q, block: false, on_timeout: [ { print: empty } ] }',
      { onTimeout: { type: 'steps', steps: [{ verb: 'print' }] } },
    ],
    [
      '{ with: l, do: [ { sleep: 1s } ] }',
      { demands: [{ name: 'l', permits: 1 }], steps: [{ durationMs: 1000 }] },
    ],
    ['{ repeat: [a, 2], as: x, do: [ { sleep: 1s } ] }', { rounds: ['a', 2], as: 'x' }],
    ['{ put: q, items: [1, {a: b}] }', { items: [1, { a: 'b' }], priority: 0 }],
    ['{ exit: 3 }', { verb: 'exit', code: 3 }],
    ['{ exit: "${{ env.CODE || \'3\' }}" }', { verb: 'exit', code: 3 }],
  ])('%s', (step, planned) => {
    expect(stepsOf(`      - ${step}`)).toMatchObject([planned]);
  });

  it.each([
    ['{ put: q, items: "${{ vars.x }}" }', { items: [], itemList: { parts: [{ path: ['vars', 'x'] }] } }],
    ['{ add: n, by: "${{ vars.x }}" }', { by: { parts: [{ path: ['vars', 'x'] }] } }],
    ['{ exit: "${{ vars.x }}" }', { code: { parts: [{ path: ['vars', 'x'] }] } }],
  ])('%s leaves the value of an earlier step to the run', (step, planned) => {
    expect(stepsOf(`      - { load: n, as: x }\n      - ${step}`)).toMatchObject([{}, planned]);
  });
});

describe('pools', () => {
  it('have as many slots as there are processors, and each task one attempt', () => {
    const pool = poolOf(
      validPlan('pools: { p: { command: x, tasks: { range: [0, 9] }, halt: { after: 10% } } }'),
      'p',
    );
    expect(pool).toMatchObject({
      workers: 4,
      tasks: { type: 'range', first: 0, last: 9, step: 1 },
      order: 'input',
      halt: { type: 'share', percent: 10 },
      onHalt: 'finish_running',
      retry: { attempts: 1, on: ['failed', 'signalled', 'timed_out', 'lost'] },
    });
  });

  it('take tasks from a matrix as combinations', () => {
    const pool = poolOf(
      validPlan('pools: { p: { command: x, tasks: { matrix: { a: [1, 2], b: [x] } } } }'),
      'p',
    );
    expect(pool.tasks).toEqual({
      type: 'matrix',
      items: [
        { a: '1', b: 'x' },
        { a: '2', b: 'x' },
      ],
    });
  });
});

describe('actors', () => {
  it('are all who may act, and how', () => {
    const plan = validPlan(`
events: { e: }
barriers: { b: { parties: 2 } }
queues: { q: , r: , s: }
processes:
  steps: { steps: [ { put: q, item: 1 }, { start: idle }, { submit: p, item: 1 } ], wait_for: [b] }
  program: { command: x, uses: { q: [get, task_done], b: wait, r: put }, sets: { exit: e } }
  reader: { command: x, stdin: { queue: r }, wait_for: [e] }
  writer: { command: x, stdout: { queue: s } }
  idle: { command: x, autostart: false }
pools:
  p: { command: x }
  t: { command: x, tasks: { queue: s }, results: { queue: q } }
`);
    expect(
      plan.actors
        .map(({ who, action, name, by }) => `${who} ${action} ${name} by ${by.type}`)
        .toSorted(),
    ).toEqual([
      'program get q by uses',
      'program put r by uses',
      'program set e by moment',
      'program wait b by uses',
      'reader get r by stdio',
      'steps put q by steps',
      'steps start idle by steps',
      'steps submit p by steps',
      'steps wait b by start_wait',
      't get s by tasks',
      't put q by results',
      'writer put s by stdio',
    ]);
    expect(instanceOf(plan, 'program').taskDoneQueues).toEqual(['q']);
  });
});

it('reports everything that is wrong at once, sorted, and applies no rule that needs what is missing', () => {
  const { plan, diagnostics } = planText(`
events: { go: }
processes:
  b: { steps: [ { set: gone } ], depends_on: [a] }
  a: { command: x, wait_for: [go], depends_on: [b, nobody] }
`);
  expect(plan).toBeNull();
  expect(diagnostics.map(({ code }) => code)).toEqual(['MP105', 'MP202', 'MP105']);
});
