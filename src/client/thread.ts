import type { Json } from '../base/json.ts';
import type { Connection, Params } from './connection.ts';
import type { WaitOptions } from './wait-options.ts';

/** Calls that one holder of this process makes: what they are granted is held by it. */
export class Thread {
  readonly connection: Connection;
  readonly name: string;

  constructor(connection: Connection, name: string) {
    this.connection = connection;
    this.name = name;
  }

  /** Asks for something that does not wait. */
  ask(method: string, params: Params): Promise<Json> {
    return this.connection.call({ method, params, thread: this.name });
  }

  /** The same, with parameters that are JSON text. */
  askText(method: string, params: string): Promise<Json> {
    return this.connection.call({ method, params, thread: this.name });
  }

  /** Asks for something that may have to wait. */
  wait(method: string, params: Params, { timeoutMs, signal }: WaitOptions): Promise<Json> {
    const all = timeoutMs === undefined || timeoutMs === null || timeoutMs === Infinity ? params : { ...params, timeout_ms: timeoutMs };
    return this.connection.call({ method, params: all, thread: this.name }, signal);
  }

  /** Asks for something whose answer nobody needs. */
  tell(method: string, params: Params): void {
    this.connection.tell({ method, params, thread: this.name });
  }
}
