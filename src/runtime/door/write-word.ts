import { writeSync } from 'node:fs';
import { systemErrorCode } from '../system-error-code.ts';

/**
 * Writes into a file that the run shares with a client. All of its room was made with it, so that this fails
 * only where the client has cut its file short and the disk is full: then the client reads nothing there, by
 * which it knows, and the run goes on. False then.
 */
export function writeWord(file: number, bytes: Buffer, place: number): boolean {
  try {
    return writeSync(file, bytes, 0, bytes.length, place) === bytes.length;
  } catch (error) {
    if (systemErrorCode(error) === null) throw error;
    return false;
  }
}
