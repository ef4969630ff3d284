import path from 'node:path';

/**
 * For every program in Python: what it imports is compiled once for all that are started, as it is on the machine of whoever
 * calls it, yet beside the sources lies no file of that.
 */
export const pythonEnvironment: Readonly<Record<'PYTHONPYCACHEPREFIX', string>> = {
  PYTHONPYCACHEPREFIX: path.join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'mpctl-rig', 'python'),
};
