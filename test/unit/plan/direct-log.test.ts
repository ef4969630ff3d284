import { expect, it } from 'vitest';
import { planText } from '../../rig/plan-of-text.ts';

function codes(text: string): readonly string[] {
  return planText(text).diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}

it.each([
  ['a probe that looks at lines', '{ command: x, log: direct, readiness_probe: { log_line: up } }'],
  ['a terminal', '{ command: x, log: direct, tty: true }'],
  ['streams that go elsewhere', '{ command: x, log: direct, stdout: { file: a }, stderr: { file: b } }'],
])('refuses a direct log with %s, once for all replicas', (_, process) => {
  expect(codes(`processes: { p: ${process.replace('{', '{ replicas: 2,')} }`)).toEqual(['MP521']);
});

it.each([
  ['a probe of another kind', '{ command: x, log: direct, readiness_probe: { tcp_socket: { port: 1 } } }'],
  ['a probe of lines on their way to a queue', '{ command: x, log: direct, stdout: { queue: q }, readiness_probe: { log_line: up } }'],
  ['a probe of what steps print', '{ steps: [{ print: up }], log: direct, readiness_probe: { log_line: up } }'],
  ['one stream in a file', '{ command: x, log: direct, stdout: { file: a } }'],
])('takes a direct log with %s', (_, process) => {
  expect(codes(`queues: { q: }\nprocesses: { p: ${process}, c: { steps: [{ each: q, do: [{ print: got }] }] } }`)).toEqual([]);
});
