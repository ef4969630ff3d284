import { describe, expect, it } from 'vitest';
import { codesOf, planText } from '../../rig/plan-of-text.ts';

const outer = { environment: { MPCTL_RUN_ID: 'outer', MPCTL_ATTEMPT: '7', MPCTL_FOO: 'outer', MATRIX_PY: '2', MPCTL_OUTCOME: 'failure' } };

describe('the variables that mpctl sets itself', () => {
  it.each([
    'processes: { a: { command: [x, "${{ env.MPCTL_RUN_ID }}", "${{ env.MPCTL_RUN_DIR }}", "${{ env.MPCTL_ATTEMPT }}"] } }',
    'locks: { my-lock: }\nprocesses: { a: { command: [x, "${{ env.MPCTL_TOKEN_MY_LOCK }}"], with: my-lock } }',
    'processes: { a: { command: x } }\nfinally: { f: { steps: [{ print: "${{ env.MPCTL_OUTCOME }}" }] } }',
    'pools: { p: { tasks: [a], command: [x, "${{ env.MPCTL_TASK }}", "${{ env.MPCTL_WORKER }}", "${{ env.MPCTL_ITEM }}", "${{ env.MPCTL_PROCESS }}"] } }',
    'pools: { p: { tasks: { matrix: { py: [3], include: [{ os: a }] } }, command: [x, "${{ env.MATRIX_PY }}", "${{ env.MATRIX_OS }}"] } }',
  ])('are known while it runs: %s', (text) => {
    expect(codesOf(text)).toEqual([]);
  });

  it.each([
    'processes: { a: { command: [x, "${{ env.MPCTL_OUTCOME }}"] } }',
    'processes: { a: { command: [x, "${{ env.MPCTL_TASK }}"] } }',
    'processes: { a: { command: [x, "${{ env.MPCTL_TOKEN_NONE }}"] } }',
    'processes: { a: { command: [x, "${{ env.MPCTL_FOO }}"] } }',
    'processes: { a: { command: x, environment: { A: "${{ env.MPCTL_RUN_ID }}" } } }',
    'pools: { p: { tasks: [a], command: x, results: { file: "${{ env.MPCTL_TASK }}" } } }',
  ])('are never those of the run around it: %s', (text) => {
    expect(codesOf(text, outer)).toEqual(['MP121']);
  });

  it('come too late for what is needed before the start', () => {
    expect(codesOf('processes: { a: { command: x, timeout: "${{ env.MPCTL_ATTEMPT }}s" } }', outer)).toEqual(['MP122']);
  });

  it('that are only given to the process stand in no text, whatever stands in for them', () => {
    const { diagnostics } = planText(`processes: { a: { command: [x, "\${{ env.MPCTL_AUTHKEY || 'none' }}"] } }`);
    expect(diagnostics.map(({ code, message, hint }) => [code, message, hint])).toEqual([
      [
        'MP121',
        "`${{ env.MPCTL_AUTHKEY || 'none' }}` is not known to mpctl's texts: a process is given `MPCTL_AUTHKEY` as it is started",
        'let the process read it: `"$MPCTL_AUTHKEY"` in a script, `os.environ["MPCTL_AUTHKEY"]` in Python',
      ],
    ]);
  });

  it('are taken from mpctl itself where the spec passes them on', () => {
    expect(codesOf('processes: { a: { command: [x, "${{ env.MPCTL_FOO }}"], environment: [MPCTL_FOO] } }', outer)).toEqual([]);
  });
});
