import { isAbsolute, join } from 'node:path';

/** Where the runs of a project are: beside its spec, and in the user's state folder, in this order. */
export function runsFolders(
  projectFolder: string,
  environment: Readonly<Record<string, string | undefined>>,
): readonly [project: string, state: string] {
  const stateHome = environment['XDG_STATE_HOME'];
  // The XDG specification says to ignore a relative path.
  const state =
    stateHome !== undefined && isAbsolute(stateHome)
      ? stateHome
      : join(environment['HOME'] ?? homeFolder(), '.local', 'state');
  return [join(projectFolder, '.mpctl', 'runs'), join(state, 'mpctl', 'runs')];
}

/** Loaded where it is needed: a verb seldom does. */
function homeFolder(): string {
  return process.getBuiltinModule('node:os').homedir();
}
