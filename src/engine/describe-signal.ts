/** What a signal to mpctl means, as a clause for people. */
export function describeSignal(signal: string): string {
  return signal === 'SIGPIPE' ? 'nobody reads the output of mpctl any more (SIGPIPE)' : `mpctl was sent ${signal}`;
}
