import { whileStopped } from './running-ms.ts';

/**
 * Stops mpctl as Ctrl-Z does any program, and what it runs with it, until the answer is called.
 *
 * @param stop stops what it runs; the answer has it go on
 */
export function listenToCtrlZ(stop: () => () => void): () => void {
  const listener = (): void => {
    whileStopped(() => {
      const goOn = stop();
      process.removeListener('SIGTSTP', listener);
      // Nobody listens any more: mpctl is stopped within this call. Where nobody could have it go on, as without a
      // shell, the system does not stop it, and all goes on at once.
      process.kill(process.pid, 'SIGTSTP');
      process.on('SIGTSTP', listener);
      goOn();
    });
    // In the background nobody was told that the terminal has another size now.
    process.emit('SIGWINCH', 'SIGWINCH');
  };
  process.on('SIGTSTP', listener);
  return () => process.removeListener('SIGTSTP', listener);
}
