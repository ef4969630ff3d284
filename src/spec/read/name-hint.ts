/** A name near to one that cannot be used; null where none is. */
export function nameHint(written: string): string | null {
  const corrected = written
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .replace(/^x-/, '')
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .replace(/^(?=\d)/, '_');
  // `__proto__` has all that a name may have.
  const other = corrected === written ? corrected.replaceAll(/^_+|_+$/g, '') : corrected;
  return other !== written && /^[A-Za-z_]/.test(other) ? `write \`${other}\`` : null;
}
