import { fellowSlots, poolHeldFor } from '../fellow-slots.ts';
import type { Act } from '../location.ts';
import type { ModelSystem } from '../model-system.ts';
import type { TaskOrder } from '../task-order.ts';
import { both, either } from './promela-guards.ts';
import { marked, type PromelaNames } from './promela-names.ts';

/** In which order the tasks of a pool are taken, in Promela: the labels of those that have come, one after the other. */
export class PromelaTasks {
  readonly #system: ModelSystem;
  readonly #names: PromelaNames;

  constructor(system: ModelSystem, names: PromelaNames) {
    this.#system = system;
    this.#names = names;
  }

  declarations(): readonly string[] {
    return this.#orders().flatMap((order) => [...(order.fields.length === 0 ? [] : [`byte ${this.#labels(order)}[${order.fields.length}];`]), ...(order.lost === null ? [] : [`bit ${this.#lost(order)};`])]);
  }

  /** What is left of it behind the end of the run. */
  clear(): readonly string[] {
    return this.#orders().flatMap((order) => [...order.fields.map((_, index) => `${this.#labels(order)}[${index}] = 0`), ...(order.lost === null ? [] : [`${this.#lost(order)} = 0`])]);
  }

  /** Whether the next task may be one of this queue. */
  mayTake(actor: number, act: Act): readonly string[] {
    if (act.do !== 'get') return [];
    const fellows = poolHeldFor(act) === null ? [] : fellowSlots(this.#system.graphs, actor).map((fellow) => `!${this.#names.isAtOne(fellow.actor, marked(fellow.waits))}`);
    const order = this.#system.layout.orderOf(act.queue);
    if (order === null || order.fields.length === 0) return fellows;
    const isFirst = `${this.#labels(order)}[0] == ${order.labels.get(act.queue) ?? 0}`;
    return [...fellows, order.lost === null ? isFirst : either([isFirst, `${this.#lost(order)} == 1`])];
  }

  /** So many more have come, behind the change of how many there are. */
  haveCome(queue: string, count: number): readonly string[] {
    const order = this.#system.layout.orderOf(queue);
    const label = order?.labels.get(queue) ?? 0;
    if (order === null || label === 0) return [];
    const { fields, lost, counts } = order;
    const at = (index: number): string => `${this.#labels(order)}[${index}]`;
    const wasLost = lost === null ? '' : `${this.#lost(order)} == 0 && `;
    const isFull = fields.length < count ? 'true' : `${at(fields.length - count)} != 0`;
    const isMany = counts.flatMap(({ queue: name, most, saturates }) => (saturates ? [`${this.#names.of(name)} >= ${most}`] : []));
    const losing = lost === null ? [] : [`${this.#lost(order)} = (${this.#lost(order)} == 1 || ${either([isFull, ...isMany])} -> 1 : 0)`, ...fields.map((_, index) => `${at(index)} = (${this.#lost(order)} == 1 -> 0 : ${at(index)})`)];
    const appends = Array.from({ length: count }, () => fields.map((_, index) => index).toReversed().map((index) => `${at(index)} = (${wasLost}${both([`${at(index)} == 0`, ...(index === 0 ? [] : [`${at(index - 1)} != 0`])])} -> ${label} : ${at(index)})`));
    return [...losing, ...appends.flat()];
  }

  /** One was taken, behind the change of how many there are. */
  isTaken(queue: string): readonly string[] {
    const order = this.#system.layout.orderOf(queue);
    if (order === null || (order.labels.get(queue) ?? 0) === 0) return [];
    const { fields, lost, counts } = order;
    const at = (index: number): string => `${this.#labels(order)}[${index}]`;
    // Where it is lost there is none.
    const shifts = fields.map((_, index) => `${at(index)} = ${index + 1 < fields.length ? at(index + 1) : '0'}`);
    return [...shifts, ...(lost === null ? [] : [`${this.#lost(order)} = (${both([`${this.#lost(order)} == 1`, `!${both(counts.map(({ queue: name }) => `${this.#names.of(name)} == 0`))}`])} -> 1 : 0)`])];
  }

  #orders(): readonly TaskOrder[] {
    const { layout, resources } = this.#system;
    return [...new Set([...resources.keys()].flatMap((name) => layout.orderOf(name) ?? []))];
  }

  #labels({ labels }: TaskOrder): string {
    return `tasks_${this.#names.of([...labels.keys()][0] ?? '')}`;
  }

  #lost({ labels }: TaskOrder): string {
    return `lost_${this.#names.of([...labels.keys()][0] ?? '')}`;
  }
}
