/** Of all jobs together so much is held in memory, since most write little and a file costs as much as a start; the rest is in files. */
const mostHeldBytes = 32 * 1024 * 1024;

/** The memory that the output of jobs may take. */
export class JobMemory {
  #left = mostHeldBytes;

  /** False where there is not so much. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#left += bytes;
  }
}
