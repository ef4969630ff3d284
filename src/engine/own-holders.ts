/**
 * The holders within an instance that are no threads of its program: its own life and its steps, and the
 * lines of its output on their way into a queue, which still are when all the others have ended.
 */
export const ownHolders = { steps: 'steps', lines: 'lines' } as const;
