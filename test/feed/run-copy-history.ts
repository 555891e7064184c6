import { expect } from 'chai';
import { createMemoryStore } from '../../src/client/memory-store.ts';
import type { ResolvedWatch } from '../../src/feed/feed.ts';
import { type Strategy, standardStrategy } from '../../src/feed/strategy.ts';
import { Copy } from './copy.ts';
import type { CopyHistory, CopyStep, RowWrite } from './copy-history.ts';
import { createFailingStore, type FailingStore, ProcessCrash } from './failing-store.ts';
import { contextOf, createIds, hour, minute, type PollRequest, second } from './fixtures.ts';
import { SimulatedHost } from './simulated-host.ts';
import { type Commit, SimulatedOrg } from './simulated-org.ts';
import type { StoredRow } from './simulated-query.ts';

/** A trigger of the test: what it watches, and which rows it must have told of in the end. */
interface TestTrigger {
  readonly watch: Partial<ResolvedWatch>;
  readonly filter?: string;
  /** Triggers with the same name feed one copy. */
  readonly copy: string;
}

/** Triggers of one table. `created` and `updated` side by side feed one copy, as two flows of one system do. */
export const testTriggers: readonly TestTrigger[] = [
  { copy: 'side by side', watch: { changes: ['created'] } },
  { copy: 'side by side', watch: { changes: ['updated'] } },
  { copy: 'all', watch: { changes: ['created', 'updated', 'deleted'] } },
  { copy: 'updated, high', watch: { changes: ['updated'] }, filter: 'prioritycode eq 1' },
  { copy: 'open', watch: { changes: ['created', 'updated'] }, filter: 'statecode eq 0' },
  { copy: 'open now', watch: { changes: ['created', 'updated', 'left'] }, filter: 'statecode eq 0' },
  { copy: 'high now', watch: { changes: ['created', 'updated', 'left'] }, filter: 'prioritycode eq 1' },
  { copy: 'priority', watch: { changes: ['updated'], columns: ['priority'] } },
];

/** Plays a history; throws when a copy differs from the organization in the end. */
export async function runCopyHistory(history: CopyHistory, strategy = standardStrategy): Promise<void> {
  const player = new CopyPlayer(history, strategy);
  for (const step of history.steps) await player.take(step);
  await player.finish();
}

interface Consumer {
  readonly trigger: TestTrigger;
  readonly host: SimulatedHost;
  readonly store: FailingStore;
  readonly request: Partial<PollRequest>;
  /** Number of commits when its activation was complete, and the time; undefined before. */
  activatedAt: number | undefined;
  activatedMs: number;
  /** The priority of each row at that time. */
  priorities: ReadonlyMap<string, unknown>;
}

class CopyPlayer {
  readonly #org: SimulatedOrg;
  readonly #history: CopyHistory;
  readonly #consumers: readonly Consumer[];
  readonly #copies: ReadonlyMap<string, Copy>;
  #restore: (() => void) | undefined;
  /** Rows that a restore has undone, among others. */
  readonly #everThere = new Set<string>();
  readonly #undone: Commit[] = [];
  readonly #restoredMs: number[] = [];

  constructor(history: CopyHistory, strategy: Strategy) {
    this.#history = history;
    const { filtersVersions, answerMs, maxPageSize } = history;
    this.#org = new SimulatedOrg({ filtersVersions, answerMs, maxPageSize });
    const shared = createMemoryStore();
    const uuid = createIds();
    this.#consumers = testTriggers.map((trigger) => {
      const store = createFailingStore(history.sharesStore ? shared : createMemoryStore());
      const host = new SimulatedHost(contextOf(this.#org.reader, trigger.watch, store, uuid), strategy);
      return {
        trigger,
        host,
        store,
        request: { filter: trigger.filter },
        activatedAt: undefined,
        activatedMs: 0,
        priorities: new Map(),
      };
    });
    // Only the triggers side by side can have two feeds.
    const comparesOf = (copy: string) =>
      history.sharesStore || copy !== 'side by side' ? 'sequence' : 'version';
    this.#copies = new Map(testTriggers.map(({ copy }) => [copy, new Copy(comparesOf(copy))]));
    for (let made = 0; made < history.old; made++) {
      this.#org.insert({ columns: { prioritycode: 2, statecode: 0 } });
      this.#org.wait(made % 2 === 0 ? hour : minute);
    }
  }

  async take(step: CopyStep): Promise<void> {
    if (step.do === 'wait') this.#org.wait(step.ms);
    else if (step.do === 'expire') this.#org.expireLinks();
    else if (step.do === 'back-up') this.#restore = this.#org.backUp(step);
    else if (step.do === 'restore') this.#restoreBackup();
    else if (step.do === 'fall-back') this.#fallBack(step);
    else if (step.do === 'poll') await this.#poll(step);
    else this.#write(step);
  }

  #restoreBackup(): void {
    if (this.#restore === undefined) return;
    // A restore takes longer than any transaction.
    this.#org.wait(11 * minute);
    for (const { id } of this.#org.commits) this.#everThere.add(id);
    const before = [...this.#org.commits];
    this.#restore();
    this.#undone.push(...before.slice(this.#org.commits.length));
    this.#restoredMs.push(this.#org.nowMs);
    for (const consumer of this.#consumers) {
      if (consumer.activatedAt === undefined) continue;
      consumer.activatedAt = Math.min(consumer.activatedAt, this.#org.commits.length);
    }
  }

  /** Time goes by, nothing happens, and every copy must equal the organization. */
  async finish(): Promise<void> {
    for (let polls = 0; polls < 5; polls++) {
      this.#org.wait(6 * minute);
      for (const consumer of this.#consumers) await this.#pollToEnd(consumer);
    }
    if (this.#restoredMs.length === 0) this.#checkEpochs();
    for (const [name, copy] of this.#copies) {
      if (name === 'priority') this.#checkPriorities(copy);
      else this.#checkCopy(name, copy);
    }
  }

  /** No check takes anything else for a restore, but for changes that were not in reach. */
  #checkEpochs(): void {
    const activatedMs = Math.max(...this.#consumers.map((each) => each.activatedMs));
    if (!this.#org.commits.every((commit) => this.#isInReach(commit, activatedMs))) return;
    for (const { trigger, host } of this.#consumers)
      expect(host.saved.checkpoint?.epoch, `${trigger.copy}: the epoch`).to.equal(0);
  }

  #write({ do: kind, pick, write }: RowWrite): void {
    const ids = [...this.#org.rows.keys()];
    const id = ids[pick % Math.max(1, ids.length)];
    if (kind === 'insert') this.#org.insert(write);
    else if (id !== undefined) this.#org[kind](id, write);
  }

  #fallBack({ host, rounds }: Extract<CopyStep, { do: 'fall-back' }>): void {
    const consumer = this.#consumers[host];
    if (consumer?.activatedAt !== undefined) consumer.host.fallBack(rounds);
  }

  async #poll({
    host,
    wake: hint,
    crash,
    dies,
    during,
    limits,
  }: Extract<CopyStep, { do: 'poll' }>): Promise<void> {
    const consumer = this.#consumers[host];
    if (consumer === undefined) return;
    if (consumer.activatedAt === undefined) return await this.#activate(consumer, limits);
    const writes = [...during];
    this.#org.betweenPages = () => {
      const write = writes.shift();
      if (write !== undefined) this.#write(write);
    };
    const wake = hint && { deletedIds: this.#hintedIds(hint) };
    consumer.store.arm(dies);
    try {
      const { items } = await consumer.host.round({ ...consumer.request, limits, wake }, crash);
      if (crash !== 'before-delivery') this.#copyOf(consumer).apply(items);
    } catch (error) {
      if (!(error instanceof ProcessCrash)) throw error;
    }
    consumer.store.arm(undefined);
    this.#org.betweenPages = () => {};
  }

  #hintedIds({ deletions, isWrong }: { deletions: number; isWrong: boolean }): readonly string[] {
    const deleted = this.#org.commits.filter(({ kind }) => kind === 'delete').map(({ id }) => id);
    const present = isWrong ? [...this.#org.rows.keys()].slice(0, 1) : [];
    return [...(deletions === 0 ? [] : deleted.slice(-deletions)), ...present];
  }

  async #pollToEnd(consumer: Consumer): Promise<void> {
    const { host, request } = consumer;
    let rounds = 0;
    for (let hasMore = true; hasMore; ) {
      if (++rounds > 500) throw new Error(`${consumer.trigger.copy}: the poll does not end`);
      const result = await host.round(request);
      this.#copyOf(consumer).apply(result.items);
      hasMore = result.hasMore;
    }
    if (consumer.activatedAt === undefined) this.#noteActivation(consumer);
  }

  /** A trigger that watches a column is active from its first poll on, while all rows are still being walked. */
  async #activate(consumer: Consumer, limits: PollRequest['limits']): Promise<void> {
    if (consumer.trigger.copy !== 'priority') return await this.#pollToEnd(consumer);
    do {
      const { items } = await consumer.host.round({ ...consumer.request, limits });
      this.#copyOf(consumer).apply(items);
    } while (consumer.host.saved.checkpoint?.isActivating === true);
    this.#noteActivation(consumer);
  }

  #noteActivation(consumer: Consumer): void {
    consumer.host.startBackups();
    consumer.activatedAt = this.#org.commits.length;
    consumer.activatedMs = this.#org.nowMs;
    const rows = [...this.#org.rows.values()];
    consumer.priorities = new Map(rows.map(({ id, columns }) => [id, columns.prioritycode]));
  }

  #copyOf({ trigger }: Consumer): Copy {
    const copy = this.#copies.get(trigger.copy);
    if (copy === undefined) throw new Error(trigger.copy);
    return copy;
  }

  #checkCopy(name: string, copy: Copy): void {
    const consumers = this.#consumers.filter(({ trigger }) => trigger.copy === name);
    const activatedAt = Math.max(...consumers.map((each) => each.activatedAt ?? 0));
    const activatedMs = Math.max(...consumers.map((each) => each.activatedMs));
    const touched = this.#org.commits.slice(activatedAt);
    const versions = copy.versions();
    for (const row of this.#org.rows.values()) {
      const last = touched.findLast(({ id }) => id === row.id);
      if (last === undefined || !this.#isInReach(last, activatedMs)) continue;
      if (!this.#mustBeIn(name, row, last)) continue;
      expect(versions.get(row.id), `${name}: the copy of ${row.id}`).to.equal(String(row.version));
    }
    const wasTouched = new Set([...this.#everThere, ...this.#org.commits.map(({ id }) => id)]);
    for (const id of versions.keys()) {
      expect(wasTouched, `${name}: ${id} was never there`).to.include(id);
      const row = this.#org.rows.get(id);
      if (row !== undefined && name.endsWith(' now') && !this.#isUnknown(name, id))
        expect(matches(name, row), `${name}: ${id} has left`).to.equal(true);
      if (name === 'all' && this.#isTracked(id))
        expect([...this.#org.rows.keys()], `${name}: ${id} is deleted`).to.include(id);
    }
  }

  /** A row whose priority has changed since the activation was reported, and each reported priority is the present one. */
  #checkPriorities(copy: Copy): void {
    const consumer = this.#consumers.find(({ trigger }) => trigger.copy === 'priority');
    const activatedMs = consumer?.activatedMs ?? 0;
    const labels: Record<number, string> = { 1: 'high', 2: 'normal' };
    for (const { id, columns } of this.#org.rows.values()) {
      const commits = [...this.#org.commits, ...this.#undone].filter((commit) => commit.id === id);
      if (!commits.every((commit) => this.#isInReach(commit, activatedMs))) continue;
      if (this.#isUnknown('priority', id)) continue;
      // A change of before the activation that a restore has reverted.
      if (this.#undone.some(({ id: undone, atMs }) => undone === id && atMs <= activatedMs)) continue;
      const before = consumer?.priorities.get(id);
      const item = copy.item(id);
      const isChanged = before !== undefined && before !== columns.prioritycode;
      if (isChanged || item !== undefined)
        expect(item?.row.priority, `priority of ${id}`).to.equal(labels[Number(columns.prioritycode)]);
    }
  }

  /**
   * A back-dated change that was open at the activation can lie before the window: the versions up to then are not read.
   * Nor are those between a restore and the check that finds it, which is part of the first poll afterwards.
   */
  #isInReach({ atMs, write }: Commit, activatedMs: number): boolean {
    const writtenMs = atMs - (write.commitsAfterMs ?? 0);
    const isAmongUnread = this.#restoredMs.some((ms) => writtenMs >= ms && writtenMs <= ms + 12 * hour);
    return (write.backMs ?? 0) <= 7 * minute || (writtenMs > activatedMs && !isAmongUnread);
  }

  /**
   * A row whose change a restore has undone that nobody had read. If it was a deletion, the row is there again as it was
   * read before; only who reads deletions or versions knows of it. And a filter that Dataverse judges may have been asked
   * after the change that was undone.
   */
  #isUnknown(name: string, id: string): boolean {
    const undone = this.#undone.filter((commit) => commit.id === id);
    if (name === 'all' || undone.length === 0) return false;
    return (
      name.startsWith('open') ||
      (!this.#history.filtersVersions && undone.some(({ kind }) => kind === 'delete'))
    );
  }

  /** Whether the row, as it is now, must have been reported. */
  #mustBeIn(name: string, row: StoredRow, last: Commit): boolean {
    const isEdited = last.kind === 'update' && toSecond(row.modifiedMs) !== toSecond(row.createdMs);
    // Two polls with separate stores can miss an edit within the second of the creation, and can disagree about whether
    // a row with a back-dated time of creation is new: a printed limit.
    const isHonestInsert = last.kind === 'insert' && !last.write.bornEarlier && !last.write.backMs;
    // Nor can their epochs be compared after a restore.
    if (this.#isUnknown(name, row.id)) return false;
    if (name === 'side by side' && !this.#history.sharesStore && this.#restoredMs.length > 0) return false;
    if (name === 'side by side') return this.#history.sharesStore || isHonestInsert || isEdited;
    return matches(name, row) && (name !== 'updated, high' || isEdited);
  }

  /** Change tracking cannot report a row that was created and deleted between two reads. */
  #isTracked(id: string): boolean {
    const consumer = this.#consumers.find(({ trigger }) => trigger.copy === 'all');
    const from = consumer?.activatedAt ?? 0;
    return this.#org.commits.slice(0, from).some((commit) => commit.id === id);
  }
}

/** Whether a row matches the filter of the triggers that feed a copy. */
function matches(name: string, { columns }: StoredRow): boolean {
  if (name.startsWith('open')) return columns.statecode === 0;
  return !name.includes('high') || columns.prioritycode === 1;
}

function toSecond(ms: number): number {
  return Math.floor(ms / second);
}
