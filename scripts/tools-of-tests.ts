/** The Debian package of each program, or file, that is needed besides Node and npm. */
const packages: Readonly<Record<string, string>> = {
  bash: 'bash',
  curl: 'curl',
  flock: 'util-linux',
  // Which comes with gcc and the headers of C.
  gcc: 'g++',
  git: 'git',
  make: 'make',
  mkfifo: 'coreutils',
  parallel: 'parallel',
  perl: 'perl-base',
  prlimit: 'util-linux',
  python3: 'python3',
  'redis-server': 'redis-server',
  setpriv: 'util-linux',
  setsid: 'util-linux',
  spin: 'spin',
  ss: 'iproute2',
  supervisord: 'supervisor',
  taskset: 'util-linux',
  unshare: 'util-linux',
  '/usr/lib/python3.11/test/lock_tests.py': 'libpython3.11-testsuite',
};

/** What only `.ci/run` and `npm run left-behind` ask for. */
const ofOthers: ReadonlySet<string> = new Set(['redis-server', 'supervisord', 'unshare', '/usr/lib/python3.11/test/lock_tests.py']);

/** The programs that the tests call. `.ci/run` asks for the service of `examples/ci` and the tests of CPython besides. */
export const toolsOfTests = Object.keys(packages).filter((tool) => !ofOthers.has(tool));

/** What the machine is like on which the tools are looked for. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** Whether somebody who may install packages asks, and `apt-get` is there to do it. */
  readonly installs: boolean;
  readonly has: (tool: string) => boolean;
}

/** What is to be done before the tools can be called; `refuse` says in a sentence why nothing can. */
export type Preparation =
  | { readonly type: 'ready' }
  | { readonly type: 'install'; readonly packages: readonly string[] }
  | { readonly type: 'refuse'; readonly reason: string };

/** Finds out whether all of the tools are there, and what would bring those that are not. */
export function prepareTools(tools: readonly string[], machine: Machine): Preparation {
  if (machine.platform !== 'linux') {
    return { type: 'refuse', reason: `the tests run on Linux, whose /proc they look into, and this is ${machine.platform}` };
  }
  const missing = tools.filter((tool) => !machine.has(tool));
  if (missing.length === 0) return { type: 'ready' };
  const wanted = [...new Set(missing.map((tool) => packages[tool] ?? tool))];
  if (machine.installs) return { type: 'install', packages: wanted };
  const names = missing.map((tool) => `\`${tool}\``).join(', ');
  const subject = missing.length === 1 ? `the program ${names} is` : `the programs ${names} are`;
  return { type: 'refuse', reason: `${subject} not in PATH; on Debian, \`apt-get install ${wanted.join(' ')}\` as root brings what is missing` };
}
