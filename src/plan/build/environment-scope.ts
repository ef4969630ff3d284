import { later } from '../../base/render-template.ts';
import { Template } from '../../base/template.ts';
import type { Text } from '../../base/template.ts';
import type { EnvironmentLayer } from '../command.ts';

/** The variables of one layer, as far as they are known at load; null takes mpctl's own value. */
export interface ScopeLayer {
  get(name: string): Text | null | undefined;
  keys(): Iterable<string>;
}

/** The environment of a process as far as it is known at load: layers over layers over mpctl's own. */
export class EnvironmentScope {
  readonly #own: ScopeLayer;
  readonly #below: EnvironmentScope | Readonly<Record<string, string>>;

  constructor(
    own: ScopeLayer,
    below: EnvironmentScope | Readonly<Record<string, string>>,
  ) {
    this.#own = own;
    this.#below = below;
  }

  /** This environment with one more layer on top. */
  over(layer: EnvironmentLayer): EnvironmentScope {
    return layer.length === 0 ? this : new EnvironmentScope(new Map(layer), this);
  }

  /** What the process will see under a name; undefined where it is unset. */
  lookup(name: string): string | undefined | typeof later {
    const own = this.#own.get(name);
    if (own instanceof Template) return later;
    if (typeof own === 'string') return own;
    if (own === null) return this.#ofHost(name);
    return this.#below instanceof EnvironmentScope ? this.#below.lookup(name) : this.#ofHost(name);
  }

  /** The names that the spec gives, nearest layer first; mpctl's own environment is left out. */
  *names(): Generator<string> {
    yield* this.#own.keys();
    if (this.#below instanceof EnvironmentScope) yield* this.#below.names();
  }

  #ofHost(name: string): string | undefined {
    if (this.#below instanceof EnvironmentScope) return this.#below.#ofHost(name);
    return Object.hasOwn(this.#below, name) ? this.#below[name] : undefined;
  }
}
