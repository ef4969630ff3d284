import { later } from '../../base/render-template.ts';
import { Template } from '../../base/template.ts';
import type { Text } from '../../base/template.ts';
import type { EnvironmentLayer } from '../command.ts';

/** The variables of one layer, as far as they are known at load; null takes mpctl's own value. */
export interface ScopeLayer {
  get(name: string): Text | null | undefined | typeof later;
  keys(): Iterable<string>;
}

/** The environment of a process as far as it is known at load: layers over layers over mpctl's own. */
export class EnvironmentScope {
  readonly #own: ScopeLayer;
  readonly #below: EnvironmentScope | Readonly<Record<string, string>>;
  readonly #isOfWork: boolean;

  /** `isOfWork`: it is that of a process or pool, whose own variables are never those of mpctl itself. */
  constructor(
    own: ScopeLayer,
    below: EnvironmentScope | Readonly<Record<string, string>>,
    isOfWork = false,
  ) {
    this.#own = own;
    this.#below = below;
    this.#isOfWork = isOfWork;
  }

  /** This environment with one more layer on top. */
  over(layer: EnvironmentLayer): EnvironmentScope {
    return layer.length === 0 ? this : new EnvironmentScope(new Map(layer), this);
  }

  /** What the process will see under a name; undefined where it is unset. */
  lookup(name: string): string | undefined | typeof later {
    return this.#find(name, true);
  }

  /** The names that the spec gives, nearest layer first; mpctl's own environment is left out. */
  *names(): Generator<string> {
    yield* this.#own.keys();
    if (this.#below instanceof EnvironmentScope) yield* this.#below.names();
  }

  #find(name: string, orOfHost: boolean): string | undefined | typeof later {
    const own = this.#own.get(name);
    if (own instanceof Template) return later;
    if (own === null) return this.#ofHost(name);
    if (own !== undefined) return own;
    // A run inside a run has those of the outer one in its environment: another process is meant.
    const isAllowed = orOfHost && !(this.#isOfWork && name.startsWith('MPCTL_'));
    if (this.#below instanceof EnvironmentScope) return this.#below.#find(name, isAllowed);
    return isAllowed ? this.#ofHost(name) : undefined;
  }

  #ofHost(name: string): string | undefined {
    if (this.#below instanceof EnvironmentScope) return this.#below.#ofHost(name);
    return Object.hasOwn(this.#below, name) ? this.#below[name] : undefined;
  }
}
