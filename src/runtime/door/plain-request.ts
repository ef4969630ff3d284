/* Requests that need no HTTP server: whole in one piece, and with nothing in their head that asks for more. */

/** One request, its head as RFC 9112 has it. */
export interface PlainRequest {
  readonly method: string;
  readonly path: string;
  /** By their names in small letters. */
  readonly headers: ReadonlyMap<string, string>;
  /** What came behind the head. */
  readonly rest: Buffer;
}

const requestLine = /^(?:GET|POST) \/[!-~]* HTTP\/1\.1$/u;
const headerName = /^[\w!#$%&'*+.^`|~-]+$/u;
const headerValue = /^[\t -~]*$/u;
/** With these a message is told in another way than by its length, or waits for a word of the server. */
const elaborate: ReadonlySet<string> = new Set(['transfer-encoding', 'expect', 'trailer', 'te']);
const lineEnd = '\r\n';
const headEnd = '\r\n\r\n';

/** The request that a chunk is; null where only an HTTP server can tell what it means, or that it is wrong. */
export function readPlainRequest(chunk: Buffer): PlainRequest | null {
  const end = chunk.indexOf(headEnd);
  if (end < 0) return null;
  const [first = '', ...lines] = chunk.toString('latin1', 0, end).split(lineEnd);
  if (!requestLine.test(first)) return null;
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    const value = line.slice(colon + 1);
    if (!headerName.test(name) || !headerValue.test(value) || headers.has(name) || elaborate.has(name)) return null;
    headers.set(name, value.trim());
  }
  if (!headers.has('host')) return null;
  const [method = '', path = ''] = first.split(' ');
  return { method, path, headers, rest: chunk.subarray(end + headEnd.length) };
}

/** The body of a request that is all there; null where it has another length, or wants another protocol. */
export function plainBody({ headers, rest }: PlainRequest): string | null {
  const length = headers.get('content-length') ?? '0';
  const isPersistent = (headers.get('connection') ?? 'keep-alive').toLowerCase() === 'keep-alive';
  if (!isPersistent || headers.has('upgrade') || !/^\d{1,9}$/u.test(length) || Number(length) !== rest.length) return null;
  return rest.toString('utf8');
}
