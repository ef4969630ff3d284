/** Answers of the broker that are on their way, and the echoes that come after them. */
export class VirtualEchoes {
  readonly #send: (look: number) => void;
  readonly #onTheirWay = new Set<number>();
  #echoes: { readonly look: number; readonly after: ReadonlySet<number> }[] = [];
  #answers = 0;

  /** `send` lets the engine hear an echo, now that nothing comes before it any more. */
  constructor(send: (look: number) => void) {
    this.#send = send;
  }

  /** An answer sets out; the number that it has. */
  answered(): number {
    this.#answers += 1;
    this.#onTheirWay.add(this.#answers);
    return this.#answers;
  }

  /** The engine has heard an answer. */
  heard(answer: number): void {
    this.#onTheirWay.delete(answer);
    this.#sendDue();
  }

  /** An echo after all that is on its way. */
  ask(look: number): void {
    this.#echoes.push({ look, after: new Set(this.#onTheirWay) });
    this.#sendDue();
  }

  #sendDue(): void {
    const due = this.#echoes.filter(({ after }) => [...after].every((answer) => !this.#onTheirWay.has(answer)));
    this.#echoes = this.#echoes.filter((echo) => !due.includes(echo));
    for (const { look } of due) this.#send(look);
  }
}
