import { describe, expect, it } from 'vitest';
import { planText } from '../../rig/plan-of-text.ts';

/** The sentences of the findings of MP136, in the order of the file. */
function findings(text: string): readonly string[] {
  const { diagnostics } = planText(text);
  const others = diagnostics.filter(({ code, severity }) => code !== 'MP136' && severity === 'error');
  expect(others).toEqual([]);
  return diagnostics.filter(({ code }) => code === 'MP136').map(({ message }) => message);
}

/** The same for the steps of a process, one in a line. */
function inSteps(...steps: readonly string[]): readonly string[] {
  return findings(`
locks: { l: }
queues: { q: { items: [1] } }
values: { n: 0 }
events: { e: { set: true } }
processes:
  reader: { command: x, uses: { q: get } }
  main:
    steps:
${steps.map((step) => `      - ${step}`).join('\n')}
`);
}

describe('a variable of steps', () => {
  it.each([
    ['after the step that sets it', ['{ load: n, as: x }', '{ print: "${{ vars.x }}" }']],
    ['by one key of it', ['{ load: n, as: x }', '{ print: "${{ vars.x.y.z }}" }']],
    ['with a value that stands in', ['{ print: "${{ vars.x || 0 }}" }']],
    ['in the body of its own step', ['{ with: l, as: got, do: [ { print: "${{ vars.got }}" } ] }']],
    ['behind the body that sets it', ['{ with: l, do: [ { load: n, as: x } ] }', '{ print: "${{ vars.x }}" }']],
    ['in a later round of a loop', ['{ repeat: 2, do: [ { print: "${{ vars.x }}" }, { load: n, as: x } ] }']],
    ['in a later round around it', ['{ each: q, as: i, do: [ { with: l, do: [ { print: "${{ vars.x }}" } ] }, { load: n, as: x } ] }']],
    ['where the time ran out', ['{ wait: e, timeout: 1s, as: came, on_timeout: [ { print: "${{ vars.came }}" } ] }']],
    ['behind what runs instead', ['{ wait: e, timeout: 1s, on_timeout: [ { load: n, as: x } ] }', '{ print: "${{ vars.x }}" }']],
    ['as part of an item', ['{ load: n, as: x }', '{ put: q, item: { deep: ["${{ vars.x }}"] } }']],
  ])('is known %s', (_, steps) => {
    expect(inSteps(...steps)).toEqual([]);
  });

  it.each([
    ['in the step that sets it', ['{ run: [echo, "${{ vars.x }}"], as: x }'], '`${{ vars.x }}` stands before the step that sets `x`'],
    ['in the first round of another loop', ['{ repeat: 2, do: [ { print: "${{ vars.x }}" } ] }', '{ load: n, as: x }'], '`${{ vars.x }}` stands before the step that sets `x`'],
    ['where no step sets it', ['{ load: n, as: x }', '{ print: "${{ vars.y }}" }'], '`${{ vars.y }}` is set by no step of `main`'],
    ['where no step sets anything', ['{ exit: "${{ vars.y }}" }'], '`${{ vars.y }}` is a variable of steps, and no step sets one here'],
    ['as part of an item', ['{ put: q, item: { deep: ["${{ vars.y }}"] } }'], '`${{ vars.y }}` is a variable of steps, and no step sets one here'],
  ])('is not known %s', (_, steps, message) => {
    expect(inSteps(...steps)).toEqual([message]);
  });

  it('is not the handle of a submit', () => {
    const spec = `
processes: { main: { steps: [ { submit: p, item: 1, as: r }, { print: "\${{ vars.r }}" } ] } }
pools: { p: { command: [echo, "\${{ item }}"] } }
`;
    expect(findings(spec)).toEqual(['`${{ vars.r }}` is no value: `r` is the handle of a `submit`']);
  });

  it('is known in what surrounds the steps, and not in what is done apart from them', () => {
    const surroundings = (written: string): readonly string[] =>
      findings(`processes: { a: { steps: [ { run: [x], as: out } ], ${written} } }`);
    expect(surroundings('environment: { A: "${{ vars.out }}" }')).toEqual([]);
    expect(surroundings('stdout: { file: "${{ vars.out }}.log" }')).toEqual([]);
    const apart = '`${{ vars.out }}` is a variable of steps, and no step sets one here';
    expect(findings('processes: { a: { command: x, stop: { command: [x, "${{ vars.out }}"] } } }')).toEqual([apart]);
    expect(surroundings('readiness_probe: { exec: [x, "${{ vars.out }}"] }')).toEqual([apart]);
  });

  it('of another process is not known', () => {
    const spec = 'processes: { a: { steps: [ { run: [x], as: out } ] }, b: { command: [x, "${{ vars.out }}"] } }';
    expect(findings(spec)).toEqual(['`${{ vars.out }}` is a variable of steps, and no step sets one here']);
  });

  it('may stand in the environment of the spec where some process sets it', () => {
    const spec = (name: string): string => `
environment: { A: "\${{ vars.${name} }}" }
processes: { a: { steps: [ { run: [x], as: out } ] } }
`;
    expect(findings(spec('out'))).toEqual([]);
    expect(findings(spec('other'))).toEqual(['`${{ vars.other }}` is set by no step of the spec']);
  });
});

describe('the item of a task', () => {
  const pool = (written: string): readonly string[] => findings(`pools: { p: { ${written} } }`);
  const none = '`${{ item }}` is the item of a task, and there is no task here';

  it('is known in what a pool does for each task', () => {
    expect(pool('tasks: [a], command: [x, "${{ item.key }}"], environment: { A: "${{ item }}" }, stdin: { text: "${{ item }}" }')).toEqual([]);
    expect(pool('tasks: [a], steps: [ { print: "${{ item }}" } ]')).toEqual([]);
    expect(pool('tasks: [a], command: x, args: ["${{ item }}"]')).toEqual([]);
  });

  it.each([
    ['its own tasks', 'tasks: ["${{ item }}"], command: x'],
    ['the file of its tasks', 'tasks: { lines: "${{ item }}" }, command: x'],
    ['its results', 'tasks: [a], command: x, results: { file: "${{ item }}" }'],
    ['its job log', 'tasks: [a], command: x, joblog: "${{ item }}"'],
    ['its stop', 'tasks: [a], command: x, stop: { command: [x, "${{ item }}"] }'],
  ])('is not known in %s', (_, written) => {
    expect(pool(written)).toEqual([none]);
  });

  it('is not known in a process', () => {
    expect(findings('processes: { a: { command: [x, "${{ item }}"] } }')).toEqual([none]);
    expect(inSteps('{ each: q, do: [ { print: "${{ item }}" } ] }')).toEqual([none]);
  });

  it('may stand in the environment of a spec with a pool', () => {
    const environment = 'environment: { A: "${{ item }}" }\nprocesses: { a: { command: x } }\n';
    expect(findings(environment)).toEqual([none]);
    expect(findings(`${environment}pools: { p: { tasks: [a], command: x } }`)).toEqual([]);
  });
});

it('what must be known before the run is one finding, whether it is set or not', () => {
  const spec = 'processes: { a: { steps: [ { repeat: ["${{ vars.x }}"], do: [ { sleep: 1s } ] } ] } }';
  expect(planText(spec).diagnostics.map(({ code }) => code)).toEqual(['MP122']);
});
