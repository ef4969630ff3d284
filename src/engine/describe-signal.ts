/** What a signal to mpctl means, as a clause for people. */
export function describeSignal(signal: string): string {
  if (signal === 'orphaned') return 'what waited for mpctl in the foreground has ended before it';
  return signal === 'SIGPIPE' ? 'nobody reads the output of mpctl any more (SIGPIPE)' : `mpctl was sent ${signal}`;
}
