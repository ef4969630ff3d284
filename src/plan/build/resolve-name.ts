import { didYouMean } from '../../base/did-you-mean.ts';
import type { Place } from '../../base/place.ts';
import type { BuildContext } from './build-context.ts';
import type { NamedKind, NamedThing } from './name-table.ts';

/** What a place of the spec takes. */
interface Taken {
  readonly kinds: ReadonlySet<NamedKind>;
  /** For `… takes`. */
  readonly words: string;
}

const processKinds: readonly NamedKind[] = ['process', 'daemon', 'finally'];

const takes = {
  processes: { kinds: new Set(processKinds), words: 'a process' },
  works: { kinds: new Set<NamedKind>([...processKinds, 'pool']), words: 'a process or pool' },
  joinable: {
    kinds: new Set<NamedKind>([...processKinds, 'pool', 'queue']),
    words: 'a process, pool or queue',
  },
  holds: { kinds: new Set<NamedKind>(['lock', 'semaphore']), words: 'a lock or semaphore' },
  lock: { kinds: new Set<NamedKind>(['lock']), words: 'a lock' },
  event: { kinds: new Set<NamedKind>(['event']), words: 'an event' },
  startWaits: { kinds: new Set<NamedKind>(['event', 'barrier']), words: 'an event or barrier' },
  waits: {
    kinds: new Set<NamedKind>(['event', 'barrier', 'condition']),
    words: 'an event, barrier or condition',
  },
  condition: { kinds: new Set<NamedKind>(['condition']), words: 'a condition' },
  barrier: { kinds: new Set<NamedKind>(['barrier']), words: 'a barrier' },
  queue: { kinds: new Set<NamedKind>(['queue']), words: 'a queue' },
  pipe: { kinds: new Set<NamedKind>(['pipe']), words: 'a pipe' },
  streams: { kinds: new Set<NamedKind>(['queue', 'pipe']), words: 'a queue or pipe' },
  closable: {
    kinds: new Set<NamedKind>(['queue', 'pipe', 'pool']),
    words: 'a queue, pipe or pool',
  },
  pool: { kinds: new Set<NamedKind>(['pool']), words: 'a pool' },
  value: { kinds: new Set<NamedKind>(['value']), words: 'a value' },
} as const satisfies Record<string, Taken>;

/** The word for what a place takes. */
export type Takes = keyof typeof takes;

/** What a reference needs to be, and how the place is called in messages: `` `with` ``. */
export interface Wanted {
  readonly takes: Takes;
  readonly where: string;
  /** Whether the name is a key of the spec. */
  readonly part?: 'key' | 'value';
}

/**
 * What a name stands for, or null after MP105 (nothing has this name) or MP106 (something else has).
 * Nothing is reported where the name clashes, or may be given by a part of the spec that could not be read.
 */
export function resolveName(
  context: BuildContext,
  place: Place,
  name: string,
  wanted: Wanted,
): NamedThing | null {
  const { kinds, words }: Taken = takes[wanted.takes];
  const thing = context.names.get(name);
  const at = { place, part: wanted.part ?? 'value' } as const;
  if (context.loaded.names.isAmbiguous(name)) return null;
  if (thing === undefined) {
    if (context.names.mayBe(name) || context.loaded.names.mayBeDefined(name)) return null;
    const near = context.mayGuess()
      ? (didYouMean(name, context.names.namesOf(kinds)) ?? didYouMean(name, context.names.names()))
      : null;
    const meant = near === null ? undefined : context.names.get(near);
    context.report('MP105', at, `there is no ${words.replace(/^an? /, '')} \`${name}\``, {
      hint: meantHint(name, meant, wanted),
      related:
        meant === undefined
          ? []
          : [
              {
                message: `\`${meant.name}\` is defined here`,
                range: context.loaded.locate(meant.place, 'key'),
              },
            ],
    });
    return null;
  }
  if (kinds.has(thing.kind)) return thing;
  context.report(
    'MP106',
    at,
    `\`${name}\` is ${article(thing.kind)}, but ${wanted.where} takes ${words}`,
    {
      hint: place[2] === 'steps' ? belongsInSteps(thing) : belongs(thing),
      related: [
        {
          message: `\`${name}\` is defined here`,
          range: context.loaded.locate(thing.place, 'key'),
        },
      ],
    },
  );
  return null;
}

function meantHint(name: string, meant: NamedThing | undefined, wanted: Wanted): string {
  const { kinds, words }: Taken = takes[wanted.takes];
  if (meant === undefined) return `define \`${name}\`, or name ${words} that the spec defines`;
  if (kinds.has(meant.kind)) return `did you mean \`${meant.name}\`?`;
  return `\`${meant.name}\` is ${article(meant.kind)}, but ${wanted.where} takes ${words}`;
}

/**
 * The one instance that a process has, or null after MP514 with a list of those it has. Nothing is
 * reported where it could not be read how many there are.
 */
export function oneInstance(
  context: BuildContext,
  place: Place,
  thing: NamedThing,
  where: string,
): string | null {
  if (!thing.isCounted) {
    context.gaps.add(place);
    return null;
  }
  const [first, ...others] = thing.instances;
  if (first !== undefined && others.length === 0) return first;
  const shown = thing.instances.slice(0, 8).map((name) => `\`${name}\``);
  const more = thing.instances.length - shown.length;
  context.report(
    'MP514',
    { place, part: 'value' },
    `${where} needs one instance, but \`${thing.name}\` means ${thing.instances.length}: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
    { hint: `name one of them, for example \`${first ?? thing.name}\`` },
  );
  context.gaps.add(place);
  return null;
}

const kindWords: Readonly<Record<NamedKind, string>> = {
  lock: 'a lock',
  semaphore: 'a semaphore',
  event: 'an event',
  condition: 'a condition',
  barrier: 'a barrier',
  queue: 'a queue',
  pipe: 'a pipe',
  value: 'a value',
  process: 'a process',
  daemon: 'a daemon',
  finally: 'a process of `finally`',
  pool: 'a pool',
};

function article(kind: NamedKind): string {
  return kindWords[kind];
}

/** The step that such a thing is for. */
function belongsInSteps(thing: NamedThing): string {
  const { name, kind } = thing;
  switch (kind) {
    case 'lock':
    case 'semaphore':
      return `take it with \`acquire: ${name}\``;
    case 'event':
    case 'barrier':
    case 'condition':
      return `wait for it with \`wait: ${name}\``;
    case 'queue':
      return `use it in the steps \`put: ${name}\` and \`get: ${name}\``;
    case 'process':
    case 'daemon':
    case 'finally':
    case 'pool':
      return `wait for its end with \`join: ${name}\``;
    default:
      return belongs(thing);
  }
}

/** Where such a thing can be named instead. */
function belongs({ name, kind }: NamedThing): string {
  switch (kind) {
    case 'lock':
    case 'semaphore':
      return `hold it with \`with: ${name}\``;
    case 'event':
    case 'barrier':
      return `wait for it with \`wait_for: [${name}]\``;
    case 'condition':
      return `wait for it in a step: \`wait: ${name}\``;
    case 'queue':
      return `read it with \`stdin: { queue: ${name} }\` or a step \`each: ${name}\``;
    case 'pipe':
      return `use it in the steps \`send: ${name}\` and \`recv: ${name}\``;
    case 'value':
      return `use it in the steps \`load: ${name}\` and \`store: ${name}\``;
    case 'process':
    case 'daemon':
    case 'finally':
    case 'pool':
      return `wait for it with \`depends_on: [${name}]\``;
  }
}
