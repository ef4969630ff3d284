/**
 * What a system call has to say, for a sentence that names the path itself: Node appends the call and its
 * path to the message, as in "ENOSPC: no space left on device, write".
 */
export function systemErrorText(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, \w+(?: '.*)?$/su, '') : String(error);
}
