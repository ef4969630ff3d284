import { availableParallelism } from 'node:os';
import type { SpecHost } from '../src/spec/loaded-spec.ts';
import type { Host } from './host.ts';
import { readInputFile } from './read-input.ts';

/** The machine as the loading of a spec sees it. */
export function specHostOf(host: Host): SpecHost {
  return {
    environment: host.environment,
    currentFolder: host.workingDir,
    cpuCount: availableParallelism(),
    readFile: readInputFile,
    readStandardInput: (maxBytes) => host.readStandardInput(maxBytes),
  };
}
