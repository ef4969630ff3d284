import { reference } from '../../spec/schema/leaves.ts';
import type { OutputSpec, StdinSpec } from '../../spec/schema/streams.ts';
import type { StdinPlan, StdoutPlan } from '../command.ts';
import type { FillPlace } from './fill-place.ts';
import { fillLeaf, fillText } from './fill-value.ts';
import { schemaLeaf } from './leaf.ts';
import { resolveName } from './resolve-name.ts';

const nameLeaf = schemaLeaf(reference);

/** Standard input; without a key there is none. */
export function buildStdin(at: FillPlace, stdin: StdinSpec | undefined): StdinPlan {
  if (stdin === undefined || stdin === null || stdin === 'null') return { type: 'null' };
  if (stdin === 'inherit') return { type: 'inherit' };
  if ('text' in stdin) return { type: 'text', text: fillText(at.below('text'), stdin.text) };
  if ('file' in stdin) return { type: 'file', file: fillText(at.below('file'), stdin.file) };
  const queue = queueOf(at.below('queue'), stdin.queue);
  return queue === null ? { type: 'null' } : { type: 'queue', queue, format: stdin.format };
}

/** Standard output or standard error; without a key it is the log. */
export function buildOutput(at: FillPlace, output: OutputSpec | undefined): StdoutPlan {
  if (output === undefined || output === 'log') return { type: 'log' };
  if (output === null || output === 'null') return { type: 'null' };
  if (output === 'inherit') return { type: 'inherit' };
  if ('file' in output) return { type: 'file', file: fillText(at.below('file'), output.file) };
  const queue = queueOf(at.below('queue'), output.queue);
  return queue === null ? { type: 'null' } : { type: 'queue', queue, format: output.format };
}

/** The queue that a stream names, or null after a finding. */
export function queueOf(at: FillPlace, written: string): string | null {
  const name = fillLeaf(at, written, nameLeaf, '');
  if (name === '') return null;
  return (
    resolveName(at.context, at.place, name, { takes: 'queue', where: '`queue`' })?.name ?? null
  );
}
