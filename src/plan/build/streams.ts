import type { OutputSpec, StdinSpec } from '../../spec/schema/streams.ts';
import type { StdinPlan, StdoutPlan } from '../command.ts';
import type { FillPlace } from './fill-place.ts';
import { fillText } from './fill-value.ts';
import { resolveReference } from './resolve-reference.ts';

/** Standard input; without a key there is none. */
export function buildStdin(at: FillPlace, stdin: StdinSpec | undefined): StdinPlan {
  if (stdin === undefined || stdin === null || stdin === 'null') return { type: 'null' };
  if (stdin === 'inherit') return { type: 'inherit' };
  if ('text' in stdin) return { type: 'text', text: fillText(at.below('text'), stdin.text) };
  if ('file' in stdin) return { type: 'file', file: fillText(at.below('file'), stdin.file) };
  const queue = queueOf(at.below('queue'), stdin.queue, 'get');
  return queue === null ? { type: 'null' } : { type: 'queue', queue, format: stdin.format };
}

/** Standard output or standard error; without a key it is the log. */
export function buildOutput(at: FillPlace, output: OutputSpec | undefined): StdoutPlan {
  if (output === undefined || output === 'log') return { type: 'log' };
  if (output === null || output === 'null') return { type: 'null' };
  if (output === 'inherit') return { type: 'inherit' };
  if ('file' in output) return { type: 'file', file: fillText(at.below('file'), output.file) };
  const queue = queueOf(at.below('queue'), output.queue, 'put');
  return queue === null ? { type: 'null' } : { type: 'queue', queue, format: output.format };
}

/** The queue that a stream names and puts into or takes from, or null after a finding. */
export function queueOf(at: FillPlace, written: string, deed: 'put' | 'get'): string | null {
  return resolveReference(at, written, { takes: 'queue', where: '`queue`' }, deed)?.name ?? null;
}
