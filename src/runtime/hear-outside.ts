import { Socket } from 'node:net';
import { lineFd } from './outside.ts';

/** Hears the signals that the mpctl outside was sent. */
export function hearOutside(heard: (signal: string) => void): () => void {
  const line = new Socket({ fd: lineFd, readable: true, writable: false });
  let unread = '';
  line.setEncoding('latin1').on('data', (text: string) => {
    const words = (unread + text).split('\n');
    unread = words.pop() ?? '';
    for (const word of words) heard(word);
  });
  // It was killed, and so is this one about to be.
  line.on('error', () => {});
  line.unref();
  return () => {
    line.removeAllListeners('data').pause();
  };
}
