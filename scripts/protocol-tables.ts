import { errorForms } from '../src/protocol/error-kind.ts';
import { methodDescriptions } from '../src/protocol/method-descriptions.ts';
import { fillBlocks } from './generated-blocks.ts';
import { table } from './reference-tables.ts';

/** The page of the protocol with its generated tables made anew. */
export function renderProtocol(page: string): string {
  return fillBlocks(page, { methods: methodTable(), refusals: refusalTable() });
}

function methodTable(): string {
  const rows = Object.entries(methodDescriptions).map(([name, { summary, required, optional, result }]) => [
    `\`${name}\``,
    summary,
    [...Object.keys(required).map((key) => `\`${key}\``), ...Object.keys(optional).map((key) => `\`${key}\`?`)].join(', '),
    result,
  ]);
  return table(['method', 'what it does', 'parameters', 'result'], rows);
}

function refusalTable(): string {
  const rows = Object.entries(errorForms).map(([kind, { code, status, exitCode, meaning }]) => [
    `\`${kind}\``,
    meaning,
    String(code),
    String(status),
    String(exitCode),
  ]);
  return table(['kind', 'meaning', 'JSON-RPC', 'HTTP', 'exit code of a verb'], rows);
}
