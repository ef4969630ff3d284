import { err, ok, type Result } from '../base/result.ts';

/** UTF-8 bytes as text, without a byte order mark; null where they are not UTF-8. */
export function decodeText(bytes: Uint8Array): Result<string, 'utf-16' | 'not-text'> {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return err('utf-16');
  try {
    return ok(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return err('not-text');
  }
}
