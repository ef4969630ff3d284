import { err, ok } from '../../../src/base/result.ts';
import type { SpecHost } from '../../../src/spec/loaded-spec.ts';

/** A machine whose files are these texts; `/project` is the current folder. */
export function memoryHost(files: Readonly<Record<string, string>>, environment: Readonly<Record<string, string>> = {}): SpecHost {
  const bytesOf = new Map(Object.entries(files).map(([path, text]) => [`/project/${path}`, new TextEncoder().encode(text)]));
  return {
    environment,
    currentFolder: '/project',
    cpuCount: 4,
    readFile: (path) => {
      const bytes = bytesOf.get(path);
      if (bytes !== undefined) return ok(bytes);
      const isFolder = [...bytesOf.keys()].some((each) => each.startsWith(`${path}/`));
      return err({ reason: isFolder ? 'folder' : 'missing', message: '' });
    },
    readStandardInput: () => ok(bytesOf.get('/project/-') ?? new Uint8Array()),
  };
}
