import { spawn } from 'node:child_process';

/** More than a machine with many thousands of sockets says. */
const mostCharacters = 16 * 1024 * 1024;
const line = /^u_(?:str|seq) +ESTAB .* (?<one>\d+) +\S+ (?<other>\d+) *$/u;

/**
 * Which two sockets of this machine are joined, each by its number: a program that waits for one wakes itself through the other, as
 * Python's `asyncio` does, where it has both. proc(5) does not say it, and Node cannot ask the system; `ss` can, which comes with
 * `iproute2`. It is asked once for each socket that is new, and not waited for: what is joined stays joined.
 * Where there is no `ss`, and of sockets of another network namespace, nothing is known.
 */
export class SocketPeers {
  readonly #peers = new Map<string, string>();
  /** Were asked for, whatever came of it. */
  readonly #asked = new Set<string>();
  #isAsking = false;

  /** The other one; null as long as it is not known. */
  of(socket: string): string | null {
    const peer = this.#peers.get(socket);
    if (peer === undefined) this.#ask(socket);
    return peer ?? null;
  }

  #ask(socket: string): void {
    if (this.#isAsking || this.#asked.has(socket)) return;
    this.#asked.add(socket);
    this.#isAsking = true;
    const child = spawn('ss', ['-xnH'], { stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < mostCharacters) said += text;
    });
    child.on('error', () => {
      this.#isAsking = false;
    });
    child.on('close', () => {
      this.#isAsking = false;
      for (const { groups } of said.split('\n').map((one) => line.exec(one) ?? { groups: undefined })) {
        const { one, other } = groups ?? {};
        if (one === undefined || other === undefined || other === '0') continue;
        this.#peers.set(one, other);
      }
    });
  }
}
