import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

const budget = { maxStates: 20_000, mayGoOn: (): boolean => true };

function verdictOf(text: string): unknown {
  const { verdict } = judge(validPlan(text), budget);
  return verdict.type === 'proved' ? verdict.by : verdict.type;
}

const takes = 'a: { steps: [{ each: q, as: x, do: [{ print: x }] }] }';

describe('what a program or loop puts that ends at last is proved to be taken at last, by an order', () => {
  it.each([
    ['a program that writes into a queue', `queues: { q: { capacity: 2 } }\nprocesses:\n  p: { replicas: 40, command: x, stdout: { queue: q } }\n  ${takes}`],
    ['a program that puts by itself', `queues: { q: { capacity: 2 } }\nprocesses:\n  p: { replicas: 40, command: x, uses: { q: put } }\n  ${takes}`],
    ['a loop of more rounds than are counted', `queues: { q: { capacity: 2 } }\nprocesses:\n  p: { replicas: 40, steps: [{ repeat: 1000, do: [{ put: q, item: 1 }] }] }\n  ${takes}`],
    ['a program that feeds a pool, with its results in a queue', 'queues: { q: { capacity: 5 }, out: { capacity: 5 } }\nprocesses:\n  p: { command: x, stdout: { queue: q } }\n  s: { steps: [{ each: out, as: o, do: [{ print: x }] }] }\npools: { w: { workers: 20, tasks: { queue: q }, command: y, results: { queue: out } } }'],
  ])('%s', (_, text) => {
    expect(verdictOf(text)).toBe('order');
  });
});

describe('no order proves that anybody comes to the end of what is put for ever', () => {
  it.each([
    ['by a program that is run again and again', `queues: { q: { capacity: 2 } }\nprocesses:\n  p: { uses: { q: put }, steps: [{ repeat: forever, do: [{ run: x }] }] }\n  ${takes}`],
    ['by a daemon', `queues: { q: { capacity: 2 } }\ndaemons: { d: { command: x, uses: { q: put } } }\nprocesses:\n  ${takes}`],
    ['for each item that is taken', 'queues: { q: { items: [1] } }\nprocesses:\n  a: { replicas: 2, steps: [{ each: q, as: x, do: [{ put: q, item: 1 }] }] }'],
  ])('%s', (_, text) => {
    expect(verdictOf(text)).not.toBe('order');
  });
});
