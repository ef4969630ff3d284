import { describe, expect, it } from 'vitest';
import type { Broker } from '../../src/broker/broker.ts';
import type { PrimitiveDefinition } from '../../src/sync/definition.ts';
import type { Operation, Outcome, Owner, SyncEvent } from '../../src/sync/operation.ts';

/** Makes a broker of the kind under test. */
export type BrokerFactory = (definitions: readonly PrimitiveDefinition[]) => Broker;

/** Asks a broker and keeps what it answers, whenever and in whichever order it does. */
class Asker {
  nowMs = 0;
  readonly broker: Broker;
  readonly others: SyncEvent[] = [];
  readonly #outcomes = new Map<number, Outcome[]>();
  readonly #expecting = new Map<number, (outcome: Outcome) => void>();
  #lastId = 0;

  constructor(broker: Broker) {
    this.broker = broker;
    broker.listen((event) => {
      if (event.type !== 'settled') {
        this.others.push(event);
        return;
      }
      this.#outcomes.set(event.requestId, [...this.outcomesOf(event.requestId), event.outcome]);
      this.#expecting.get(event.requestId)?.(event.outcome);
    });
  }

  /** Asks, and returns the id of the request. */
  ask(instance: string, operation: Operation, deadlineMs: number | null = null): number {
    return this.askAs({ instance, holder: 'steps' }, operation, deadlineMs);
  }

  /** Asks as one holder within an instance. */
  askAs(owner: Owner, operation: Operation, deadlineMs: number | null = null): number {
    this.#lastId += 1;
    this.broker.request({ id: this.#lastId, owner, operation, deadlineMs }, this.nowMs);
    return this.#lastId;
  }

  /** The outcome of a request, as soon as it is told. */
  outcome(id: number): Promise<Outcome> {
    const [known] = this.outcomesOf(id);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve) => {
      this.#expecting.set(id, resolve);
    });
  }

  /** Asks, and waits for the outcome. */
  answer(instance: string, operation: Operation, deadlineMs: number | null = null): Promise<Outcome> {
    return this.outcome(this.ask(instance, operation, deadlineMs));
  }

  /** Everything that has been told of a request. */
  outcomesOf(id: number): readonly Outcome[] {
    return this.#outcomes.get(id) ?? [];
  }

  /** The requests that wait, in order of arrival. */
  waiting(): readonly number[] {
    return this.broker.snapshot().waiting.map(({ requestId }) => requestId);
  }
}

const lock: PrimitiveDefinition = { kind: 'lock', name: 'file', reentrant: false };
const slots: PrimitiveDefinition = { kind: 'semaphore', name: 'slots', permits: 2, bounded: true, fair: false };

const cancelled: Outcome = { status: 'cancelled' };
const timedOut: Outcome = { status: 'timed_out' };

function failed(reason: Extract<Outcome, { status: 'failed' }>['reason']): Outcome {
  return { status: 'failed', reason };
}

function acquire(...names: readonly string[]): Operation {
  return { verb: 'acquire', demands: names.map((name) => ({ name, permits: 1 })) };
}

function release(...names: readonly string[]): Operation {
  return { verb: 'release', demands: names.map((name) => ({ name, permits: 1 })) };
}

/** What every broker must do, however and in whichever order it answers. */
export function brokerConformance(kind: string, createBroker: BrokerFactory): void {
  const start = (...definitions: readonly PrimitiveDefinition[]): Asker => new Asker(createBroker(definitions));

  describe(`${kind}: holds`, () => {
    it('semantics 2: grants several at once or none, and hands over in order of arrival', async () => {
      const asker = start(lock, slots);
      await asker.answer('a', acquire('file'));
      const both = asker.ask('b', acquire('file', 'slots'));
      const onlyFile = asker.ask('c', acquire('file'));
      expect(await asker.answer('d', acquire('slots'))).toMatchObject({ status: 'granted' });
      expect(asker.waiting()).toEqual([both, onlyFile]);
      await asker.answer('a', release('file'));
      expect(await asker.outcome(both)).toMatchObject({ status: 'granted', tokens: { file: 2, slots: 2 } });
      expect(asker.waiting()).toEqual([onlyFile]);
    });

    it('semantics 5: hands over what an ended owner held, and says that it died', async () => {
      const asker = start(lock, slots);
      await asker.answer('a', acquire('file', 'slots'));
      const next = asker.ask('b', acquire('file'));
      asker.broker.ownerEnded('a', false, asker.nowMs);
      expect(await asker.outcome(next)).toMatchObject({ status: 'granted', ownerDied: ['file'] });
      expect(await asker.answer('b', acquire('slots'))).toMatchObject({ ownerDied: ['slots'] });
      expect(await asker.answer('b', release('file', 'slots'))).toMatchObject({ status: 'granted' });
      expect(await asker.answer('c', acquire('file'))).toMatchObject({ ownerDied: [] });
    });

    it('hands over what one holder of an instance took, and leaves the others what they have', async () => {
      const asker = start(lock, slots);
      await asker.answer('a', acquire('slots'));
      const taken = asker.askAs({ instance: 'a', holder: 'thread' }, acquire('file', 'slots'));
      expect(await asker.outcome(taken)).toMatchObject({ status: 'granted' });
      const itsWait = asker.askAs({ instance: 'a', holder: 'thread' }, acquire('slots'));
      const next = asker.ask('b', acquire('file', 'slots'));
      asker.broker.holderEnded({ instance: 'a', holder: 'thread' }, asker.nowMs);
      expect(await asker.outcome(itsWait)).toEqual(cancelled);
      expect(await asker.outcome(next)).toMatchObject({ status: 'granted', ownerDied: ['file', 'slots'] });
      expect(await asker.answer('c', acquire('slots'), 0)).toEqual(timedOut);
      expect(await asker.answer('a', release('slots'))).toMatchObject({ status: 'granted' });
    });

    it('takes back what is left of what is owed, and refuses nothing of it', async () => {
      const asker = start(lock, slots);
      await asker.answer('a', acquire('file', 'slots'));
      await asker.answer('a', release('file'));
      await asker.answer('b', acquire('file', 'slots'));
      const next = asker.ask('c', acquire('slots'));
      expect(await asker.answer('a', { verb: 'release', demands: [{ name: 'file', permits: 1 }, { name: 'slots', permits: 2 }], isOwed: true })).toMatchObject({ status: 'granted' });
      expect(await asker.outcome(next)).toMatchObject({ status: 'granted', ownerDied: [] });
      expect(await asker.answer('c', acquire('file'), 0)).toEqual(timedOut);
    });

    it('tells whose permit somebody without one returned', async () => {
      const asker = start(slots);
      await asker.answer('a', acquire('slots'));
      await asker.answer('b', release('slots'));
      await expect.poll(() => asker.others).toEqual([
        { type: 'foreign_release', semaphore: 'slots', instance: 'b', from: 'a', permits: 1 },
      ]);
    });

    it('refuses at once what can never be granted', async () => {
      const asker = start(lock, slots);
      const demands = [{ name: 'slots', permits: 3 }];
      expect(await asker.answer('a', { verb: 'acquire', demands })).toEqual(failed('demand_exceeds_permits'));
      await asker.answer('a', acquire('file'));
      expect(await asker.answer('a', acquire('file'))).toEqual(failed('would_deadlock_on_itself'));
      expect(await asker.answer('b', release('file'))).toEqual(failed('not_owner'));
    });
  });

  describe(`${kind}: waits`, () => {
    it('ends a wait once: by its deadline, by a cancel or by what it waits for', async () => {
      const asker = start(lock);
      await asker.answer('a', acquire('file'));
      const late = asker.ask('b', acquire('file'), 10);
      const calledOff = asker.ask('c', acquire('file'), 20);
      const patient = asker.ask('d', acquire('file'));
      expect(asker.broker.nextDeadlineMs()).toBe(10);
      asker.broker.expire(10);
      asker.broker.cancel(calledOff, 11);
      asker.broker.cancel(late, 12);
      expect(asker.broker.nextDeadlineMs()).toBeNull();
      await asker.answer('a', release('file'));
      await asker.outcome(patient);
      asker.broker.cancel(patient, 13);
      asker.broker.expire(100);
      await asker.answer('d', release('file'));
      expect(await Promise.all([late, calledOff].map((id) => asker.outcome(id)))).toEqual([timedOut, cancelled]);
      expect([late, calledOff, patient].map((id) => asker.outcomesOf(id).length)).toEqual([1, 1, 1]);
    });

    it('does not wait where no time is left', async () => {
      const asker = start({ kind: 'event', name: 'go', set: false });
      asker.nowMs = 5;
      expect(await asker.answer('a', { verb: 'wait_event', name: 'go' }, 5)).toEqual(timedOut);
    });

    it('semantics 9: wakes everyone who waits when an event is set, even if it is cleared at once', async () => {
      const asker = start({ kind: 'event', name: 'go', set: false });
      const waits = ['a', 'b', 'c'].map((instance) => asker.ask(instance, { verb: 'wait_event', name: 'go' }));
      asker.ask('d', { verb: 'set', name: 'go' });
      asker.ask('d', { verb: 'clear', name: 'go' });
      const later = asker.ask('e', { verb: 'wait_event', name: 'go' });
      for (const wait of waits) expect(await asker.outcome(wait)).toMatchObject({ status: 'granted' });
      expect(asker.waiting()).toEqual([later]);
    });

    it('semantics 4: fails a wait that can no longer come true', async () => {
      const asker = start({ kind: 'event', name: 'go', set: false });
      const wait = asker.ask('a', { verb: 'wait_event', name: 'go' });
      asker.broker.close({ type: 'orphan', name: 'go' }, asker.nowMs);
      expect(await asker.outcome(wait)).toEqual(failed('impossible'));
    });

    it('semantics 7: breaks a barrier that can no longer be filled', async () => {
      const asker = start({ kind: 'barrier', name: 'start', parties: 3, timeoutMs: null });
      const waits = ['a', 'b'].map((instance) => asker.ask(instance, { verb: 'wait_barrier', name: 'start' }));
      asker.broker.close({ type: 'break', name: 'start' }, asker.nowMs);
      for (const wait of waits) expect(await asker.outcome(wait)).toEqual(failed('broken'));
    });

    it('gives each party of a barrier its index of arrival', async () => {
      const asker = start({ kind: 'barrier', name: 'start', parties: 3, timeoutMs: null });
      const waits = ['a', 'b', 'c'].map((instance) => asker.ask(instance, { verb: 'wait_barrier', name: 'start' }));
      const outcomes = await Promise.all(waits.map((id) => asker.outcome(id)));
      expect(outcomes.map((outcome) => (outcome.status === 'granted' ? outcome.value : null))).toEqual([0, 1, 2]);
    });
  });

  describe(`${kind}: streams`, () => {
    const work = { kind: 'queue', name: 'work', capacity: 1, order: 'fifo', items: [], onConsumerDeath: 'redeliver' } as const;
    const put = (item: string): Operation => ({ verb: 'put', name: 'work', item, priority: 0 });
    const get: Operation = { verb: 'get', name: 'work', inHand: true };

    it('semantics 3: ends a queue when nobody can still put and no item can come back', async () => {
      const asker = start(work);
      await asker.answer('producer', put('one'));
      const second = asker.ask('producer', put('two'));
      expect(await asker.answer('a', get)).toMatchObject({ status: 'granted', value: 'one' });
      expect(await asker.outcome(second)).toMatchObject({ status: 'granted' });
      asker.broker.close({ type: 'end_of_stream', name: 'work' }, asker.nowMs);
      expect(await asker.answer('b', get)).toMatchObject({ value: 'two' });
      const waits = asker.ask('c', get);
      asker.broker.ownerEnded('a', true, asker.nowMs);
      const again = await asker.outcome(waits);
      expect(again).toMatchObject({ status: 'granted', value: 'one' });
      const last = asker.ask('d', get);
      await asker.answer('b', { verb: 'task_done', name: 'work' });
      await asker.answer('c', { verb: 'task_done', name: 'work' });
      expect(await asker.outcome(last)).toEqual(failed('end_of_stream'));
      expect(await asker.answer('d', { verb: 'join_queue', name: 'work' })).toMatchObject({ status: 'granted' });
    });

    it('tells how many items wait in a queue, and what its readers have ahead, without the items', async () => {
      const asker = start({ ...work, capacity: null });
      await asker.answer('producer', { verb: 'put_some', name: 'work', items: [1, 2, 3, 4], priority: 0 });
      await asker.answer('consumer', { verb: 'get_some', name: 'work', inHand: false, max: 2, taken: 0 });
      const primitive = asker.broker.look('work')?.primitive;
      const ahead = [{ owner: { instance: 'consumer', holder: 'steps' }, items: [{ itemId: 2, value: 2, priority: 0 }], taken: 0, isRecalled: false }];
      expect(primitive).toMatchObject({ kind: 'queue', items: { length: 2 }, ahead });
    });

    it('semantics 3: fails a put when nobody can still get', async () => {
      const asker = start(work);
      await asker.answer('producer', put('one'));
      const waits = asker.ask('producer', put('two'));
      asker.broker.close({ type: 'break', name: 'work' }, asker.nowMs);
      expect(await asker.outcome(waits)).toEqual(failed('broken'));
      expect(await asker.answer('producer', put('three'))).toEqual(failed('broken'));
    });

    it('counts what a dead consumer loses', async () => {
      const asker = start({ ...work, capacity: null, onConsumerDeath: 'drop', items: ['one', 'two'] });
      await asker.answer('a', get);
      await asker.answer('a', get);
      asker.broker.ownerEnded('a', true, asker.nowMs);
      await expect.poll(() => asker.others).toEqual([{ type: 'items_dropped', queue: 'work', instance: 'a', count: 2 }]);
    });

    it('delivers what is under way in a pipe before its end', async () => {
      const asker = start({ kind: 'pipe', name: 'link', capacity: null, ends: ['left', 'right'], duplex: true });
      await asker.answer('left', { verb: 'send', name: 'link', item: 1 });
      asker.broker.ownerEnded('left', true, asker.nowMs);
      const receive: Operation = { verb: 'receive', name: 'link' };
      expect(await asker.answer('right', receive)).toMatchObject({ value: 1 });
      expect(await asker.answer('right', receive)).toEqual(failed('end_of_stream'));
      expect(await asker.answer('right', { verb: 'send', name: 'link', item: 2 })).toEqual(failed('broken'));
    });

    it('tells who polls a pipe that a message has come, and leaves it there', async () => {
      const asker = start({ kind: 'pipe', name: 'link', capacity: null, ends: ['left', 'right'], duplex: true });
      const poll = asker.ask('right', { verb: 'poll', name: 'link' });
      await asker.answer('left', { verb: 'send', name: 'link', item: 1 });
      expect(await asker.outcome(poll)).toMatchObject({ status: 'granted' });
      expect(await asker.answer('right', { verb: 'receive', name: 'link' })).toMatchObject({ value: 1 });
    });

    it('hands a condition over with its lock', async () => {
      const asker = start(lock, { kind: 'condition', name: 'changed', lock: 'file' });
      await asker.answer('a', acquire('file'));
      const wait = asker.ask('a', { verb: 'wait_condition', name: 'changed' });
      await asker.answer('b', acquire('file'));
      await asker.answer('b', { verb: 'notify', name: 'changed', count: 1 });
      expect(asker.waiting()).toEqual([wait]);
      await asker.answer('b', release('file'));
      expect(await asker.outcome(wait)).toMatchObject({ status: 'granted', tokens: { file: 3 } });
    });

    it('shares values that everybody sees at once', async () => {
      const asker = start({ kind: 'value', name: 'counter', initial: 0 });
      const sums = await Promise.all(['a', 'b'].map((instance) => asker.answer(instance, { verb: 'add', name: 'counter', by: 2 })));
      expect(sums).toMatchObject([{ value: 2 }, { value: 4 }]);
      const swap: Operation = { verb: 'compare_and_set', name: 'counter', expected: 4, item: 'done' };
      expect(await asker.answer('a', swap)).toMatchObject({ value: true });
      expect(await asker.answer('b', { verb: 'load', name: 'counter' })).toMatchObject({ value: 'done' });
    });
  });

  it(`${kind}: tells every listener, also of what is asked while one is told`, async () => {
    const broker = createBroker([{ kind: 'event', name: 'go', set: false }]);
    const first: number[] = [];
    const second: number[] = [];
    const owner = { instance: 'a', holder: 'steps' };
    broker.listen((event) => {
      if (event.type !== 'settled') return;
      first.push(event.requestId);
      if (event.requestId === 1) broker.request({ id: 2, owner, operation: { verb: 'wait_event', name: 'go' }, deadlineMs: null }, 0);
    });
    broker.listen((event) => {
      if (event.type === 'settled') second.push(event.requestId);
    });
    broker.request({ id: 1, owner, operation: { verb: 'set', name: 'go' }, deadlineMs: null }, 0);
    await expect.poll(() => second).toEqual([1, 2]);
    expect(first).toEqual([1, 2]);
  });
}
