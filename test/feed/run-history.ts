import { expect } from 'chai';
import type { Strategy } from '../../src/feed/strategy.ts';
import type { ChangeType } from '../../src/model/definition.ts';
import type { PollItem, PollResult } from '../../src/model/plan.ts';
import { contextOf, hour, minute } from './fixtures.ts';
import { applyWrite, type History, type OrgWrite, type Step } from './history.ts';
import { SimulatedHost } from './simulated-host.ts';
import { type Commit, SimulatedOrg } from './simulated-org.ts';

/** Another way to poll than the right one. */
export interface Mutation {
  readonly strategy?: Strategy;
  /** The host keeps the checkpoint before it delivers. */
  readonly savesBeforeDelivery?: boolean;
}

/** Plays a history against the poller; throws when a change was lost, told twice, or told as another kind. */
export async function runHistory(
  history: History,
  changes: readonly ChangeType[],
  mutation: Mutation = {},
): Promise<void> {
  const runner = new HistoryRunner(history, changes, mutation);
  await runner.activate();
  for (const step of history.steps) await runner.run(step);
  await runner.finish();
}

class HistoryRunner {
  readonly #org: SimulatedOrg;
  readonly #host: SimulatedHost;
  readonly #history: History;
  readonly #changes: readonly ChangeType[];
  readonly #logged: readonly { readonly event: string }[];
  /** Commits before this came with the activation, or while it went on. */
  #activated = 0;
  #wasComplete = true;
  /** Records that deletion tracking must know of: they were there when a round was complete. */
  #known: ReadonlySet<string> = new Set();
  readonly #knownAt = new Map<unknown, ReadonlySet<string>>();

  constructor(history: History, changes: readonly ChangeType[], { strategy, savesBeforeDelivery }: Mutation) {
    this.#history = history;
    this.#changes = changes;
    this.#org = new SimulatedOrg(history.behavior);
    const context = contextOf(this.#org.reader, { changes });
    this.#logged = context.logged;
    this.#host = new SimulatedHost(context, strategy, savesBeforeDelivery);
  }

  async activate(): Promise<void> {
    for (let made = 0; made < this.#history.old; made++) {
      this.#org.insert();
      this.#org.wait(made % 2 === 0 ? hour : minute);
    }
    this.#org.insert({ commitsAfterMs: 90_000 });
    await this.#host.round();
    while ((await this.#host.round()).hasMore);
    this.#activated = this.#org.commits.length;
    this.#noteKnown(this.#org.rows.keys());
    this.#host.startBackups();
  }

  async run(step: Step): Promise<void> {
    if (step.do === 'wait') this.#org.wait(step.ms);
    else if (step.do === 'expire') this.#org.expireLinks();
    else if (step.do === 'fall-back') this.#fallBack(step.rounds);
    else if (step.do === 'poll') await this.#poll(step);
    else this.#perform(step);
  }

  /** Time goes by, nothing happens, and everything must have been told. */
  async finish(): Promise<void> {
    for (let polls = 0; polls < 8; polls++) {
      this.#org.wait(6 * minute);
      while ((await this.#host.round()).hasMore);
    }
    this.#checkReported(this.#org.commits.length, { evenBackDated: true });
    this.#checkDeletions();
    this.#checkOnce();
  }

  async #poll({ crash, during, limits }: Extract<Step, { do: 'poll' }>): Promise<void> {
    const deeds = [...during];
    this.#org.betweenPages = () => {
      const deed = deeds.shift();
      if (deed !== undefined) this.#perform(deed);
    };
    const committedBefore = this.#org.commits.length;
    const keptBefore = this.#host.saved.completed;
    const rowsBefore = [...this.#org.rows.keys()];
    const result = await this.#host.round({ limits }, crash);
    this.#org.betweenPages = () => {};
    this.#checkKinds(result, keptBefore);
    if (crash !== 'none') {
      // The feed has gone on, though the host has not.
      if (result.hasMore) this.#wasComplete = false;
      return;
    }
    const isComplete = this.#wasComplete && !result.hasMore;
    if (isComplete) this.#checkReported(committedBefore, { evenBackDated: false });
    this.#noteKnown(isComplete ? rowsBefore : []);
    this.#wasComplete = !result.hasMore;
  }

  #perform(deed: OrgWrite): void {
    applyWrite(this.#org, deed, this.#history.behavior.paging === 'offset');
  }

  #fallBack(rounds: number): void {
    this.#host.fallBack(rounds);
    this.#wasComplete = false;
    this.#known = this.#knownAt.get(this.#host.saved.checkpoint)!;
  }

  #noteKnown(ids: Iterable<string>): void {
    this.#known = new Set([...this.#known, ...ids]);
    this.#knownAt.set(this.#host.saved.checkpoint, this.#known);
  }

  /** Every version that was visible before, and still is, was told. */
  #checkReported(committed: number, { evenBackDated }: { evenBackDated: boolean }): void {
    if (!this.#changes.includes('updated')) return;
    const told = new Set(this.#host.saved.completed.map(keyOf));
    for (const { id, version, write } of this.#org.commits.slice(this.#activated, committed)) {
      const isCurrent = this.#org.rows.get(id)?.version === version;
      const isInReach = evenBackDated || (write.backMs ?? 0) <= 7 * minute;
      if (isCurrent && isInReach) expect(told, `lost ${id} ${version}`).to.include(`${id} ${version}`);
    }
  }

  #checkDeletions(): void {
    if (!this.#changes.includes('deleted')) return;
    const told = new Set(this.#host.saved.completed.filter(isDeletion).map(({ row }) => row.id));
    // Neither the link nor the roster of then is left: nobody could know.
    const isTrackLost = this.#isStateLost && this.#history.steps.some((step) => step.do === 'expire');
    for (const { id, kind } of this.#org.commits.slice(this.#activated)) {
      if (kind === 'delete' && !isTrackLost && this.#known.has(id))
        expect(told, `lost the deletion of ${id}`).to.include(id);
    }
    for (const id of this.#org.rows.keys()) expect(told, `${id} is there`).not.to.include(id);
  }

  /** No item twice, and no version under two ids. */
  #checkOnce(): void {
    if (this.#isStateLost) return;
    const { completed, delivered } = this.#host.saved;
    expect(new Set(completed.map(({ id }) => id)).size, 'an item was told twice').to.equal(completed.length);
    const versions = [...delivered.values()].map(keyOf);
    expect(new Set(versions).size, 'a version was told under two ids').to.equal(versions.length);
  }

  /** The first that a host hears of a new record is that it was created; later it was updated. */
  #checkKinds({ items }: PollResult, before: readonly PollItem[]): void {
    if (this.#isStateLost) return;
    const heardOf = new Set(before.map(({ row }) => row.id));
    for (const { change, row } of items) {
      if (change === 'deleted') continue;
      const { id } = row as { id: string };
      const insert = this.#insertOf(id);
      const isNew = insert >= this.#activated && !heardOf.has(id);
      if (this.#isHonest(id)) expect(change, `${id} told as`).to.equal(isNew ? 'created' : 'updated');
      heardOf.add(id);
    }
  }

  /** The host fell back so far that the ledger of then is gone: what it held may come again. */
  get #isStateLost(): boolean {
    return this.#logged.some(({ event }) => event === 'feed.catch-up');
  }

  #isHonest(id: string): boolean {
    return this.#org.commits
      .filter((commit) => commit.id === id)
      .every(
        ({ kind, write }) =>
          !(kind === 'insert' && (write.bornEarlier || write.backMs)) && (write.backMs ?? 0) <= 7 * minute,
      );
  }

  #insertOf(id: string): number {
    return this.#org.commits.findIndex((commit: Commit) => commit.id === id && commit.kind === 'insert');
  }
}

function isDeletion({ change }: PollItem): boolean {
  return change === 'deleted';
}

/** Which version an item tells of: the simulated organization writes it into the title. */
function keyOf({ change, row }: PollItem): string {
  return change === 'deleted' ? `${row.id} deleted` : `${row.id} ${row.title}`;
}
