const instanceRoots = /\b(?:replica\b|matrix\.|env\.(?:MATRIX_|MPCTL_))/;

/** Whether a value of the spec names, at any depth, what differs between the instances of a process. */
export function namesInstance(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('${{') && instanceRoots.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(namesInstance);
}
