import type { Plan } from '../plan/plan.ts';
import type { StandIn } from '../schedule/stand-ins.ts';

type Deed = StandIn['deeds'][number];

/** Longer than any run. */
const foreverSeconds = '2147483647';

/**
 * The command that does what a program does in a schedule, by the commands that every worker has.
 *
 * @param who the instance or pool whose program it is
 * @param mpctl how mpctl is called
 */
export function standInCommand(plan: Plan, who: string, { deeds, end }: StandIn, mpctl: readonly string[]): readonly string[] {
  const ending = { succeeds: 'exit 0', fails: 'exit 1', never: `exec sleep ${foreverSeconds}` }[end];
  const lines = deeds.flatMap((deed) => linesOf(plan, who, deed));
  return lines.length === 0 && end === 'succeeds' ? ['true'] : ['/bin/sh', '-c', [...lines, ending].join('\n'), 'stand-in', ...mpctl];
}

function linesOf(plan: Plan, who: string, deed: Deed): readonly string[] {
  // One that is to find an end fails as the program did, and went on.
  const otherwise = deed.outcome === 'ends' ? ':' : 'exit 1';
  return deed.on.flatMap((name) => verbsOf(plan, who, deed, name).map((line) => `${line} || ${otherwise}`));
}

function verbsOf(plan: Plan, who: string, { op, outcome }: Deed, name: string): readonly string[] {
  const kind = plan.primitives.find((primitive) => primitive.name === name)?.kind;
  switch (op) {
    case 'acquire':
    case 'release':
      return kind === 'lock' || kind === 'semaphore' ? [call(kind, op, name)] : [];
    case 'set':
    case 'clear':
      return [call('event', op, name)];
    case 'wait':
      return kind === 'barrier' ? [call('barrier', 'wait', name)] : [];
    case 'notify':
      return [call('condition', 'notify', name)];
    case 'put':
      return streamsOf(plan, who).out.includes(name) ? ['echo item'] : [call(kind === 'pipe' ? 'pipe send' : 'queue put', name, 'item')];
    case 'get':
      if (streamsOf(plan, who).in.includes(name)) return [outcome === 'ends' ? 'cat >/dev/null' : 'read -r item'];
      return [call(kind === 'pipe' ? 'pipe recv' : 'queue get', name)];
    case 'submit':
      return [call('pool', 'submit', name, 'item')];
    case 'start':
    case 'terminate':
    case 'kill':
      return [call('process', op, name)];
    case 'close':
    case 'take':
    case 'join':
    case 'result':
    case 'shutdown':
    case 'end':
    case 'abort':
    case 'reset':
    case 'timeout':
    case 'program':
      return [];
  }
}

/** A call of `mpctl`, which is the arguments of the script. */
function call(...words: readonly string[]): string {
  return ['"$@"', ...words].join(' ');
}

/** Queues that are its streams. */
function streamsOf(plan: Plan, who: string): { readonly in: readonly string[]; readonly out: readonly string[] } {
  const work = [...plan.instances, ...plan.pools].find(({ name }) => name === who);
  if (work === undefined) return { in: [], out: [] };
  return {
    in: work.stdin.type === 'queue' ? [work.stdin.queue] : [],
    out: [work.stdout, work.stderr].flatMap((stream) => (stream.type === 'queue' ? [stream.queue] : [])),
  };
}
