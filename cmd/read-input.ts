import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { err, ok, type Result } from '../src/base/result.ts';
import type { ReadFailure } from '../src/spec/loaded-spec.ts';
import { describeSystemError } from './system-error.ts';

const standardInput = 0;
const chunkBytes = 65_536;
/** Between two looks at an input that another program has made non-blocking. */
const retryMs = 5;

/** Reads a whole file; one of more than `maxBytes` is not read. */
export function readInputFile(file: string, maxBytes: number): Result<Uint8Array, ReadFailure> {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const status = fstatSync(descriptor);
      if (status.isDirectory()) return err({ reason: 'folder', message: 'it is a folder' });
      if (status.size > maxBytes) return tooLarge(maxBytes);
      // A pipe or a device has no size to trust: `mpctl check <(generate)` is read up to the limit.
      return status.isFile() ? ok(readFileSync(descriptor)) : readToEnd(descriptor, maxBytes);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return err(readFailure(error));
  }
}

/** Reads standard input to its end; more than `maxBytes` is refused. */
export function readStandardInput(maxBytes: number): Result<Uint8Array, ReadFailure> {
  try {
    return readToEnd(standardInput, maxBytes);
  } catch (error) {
    return err(readFailure(error));
  }
}

function readToEnd(descriptor: number, maxBytes: number): Result<Uint8Array, ReadFailure> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const chunk = new Uint8Array(chunkBytes);
    const count = readSome(descriptor, chunk);
    if (count === 0) return ok(Buffer.concat(chunks));
    total += count;
    if (total > maxBytes) return tooLarge(maxBytes);
    chunks.push(chunk.subarray(0, count));
  }
}

/** Bytes read, 0 at the end. Waits where a non-blocking input has nothing yet. */
function readSome(descriptor: number, chunk: Uint8Array): number {
  for (;;) {
    try {
      return readSync(descriptor, chunk);
    } catch (error) {
      if (describeSystemError(error).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs);
    }
  }
}

function tooLarge(maxBytes: number): Result<Uint8Array, ReadFailure> {
  return err({ reason: 'too_large', message: `it has more than ${maxBytes} bytes` });
}

function readFailure(error: unknown): ReadFailure {
  const { code, sentence } = describeSystemError(error);
  switch (code) {
    case 'ENOENT':
      return { reason: 'missing', message: sentence };
    case 'EISDIR':
      return { reason: 'folder', message: sentence };
    case 'EACCES':
    case 'EPERM':
      return { reason: 'permission', message: sentence };
    default:
      return { reason: 'other', message: sentence };
  }
}
