import { expect } from 'chai';
import fc from 'fast-check';
import type { WireRow } from '../../src/feed/row-reader-port.ts';
import type { Strategy } from '../../src/feed/strategy.ts';
import type { PollItem } from '../../src/model/plan.ts';
import { contextOf, hour, minute, second } from './fixtures.ts';
import { type Crash, SimulatedHost } from './simulated-host.ts';
import { type OrgBehavior, SimulatedOrg } from './simulated-org.ts';
import type { StoredRow } from './simulated-query.ts';

/** A change of a task: create, move the deadline, complete, reopen, update or delete. */
interface Deed {
  readonly do: 'insert' | 'update' | 'remove';
  readonly pick: number;
  /** How far the deadline lies from now; null takes it away; absent leaves it. */
  readonly dueInMs: number | null | undefined;
  readonly isDone: boolean;
  readonly commitsAfterMs: number;
  readonly backMs: number;
}

type Step =
  | Deed
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'fall-back'; readonly rounds: number }
  | {
      readonly do: 'poll';
      readonly crash: Crash;
      readonly during: readonly Deed[];
      readonly limits: { readonly pageSize: number; readonly pages: number };
    };

/** Histories of tasks with deadlines. */
export interface DueHistory {
  readonly temper: Partial<OrgBehavior>;
  /** Tasks that are there from the start, all with the same deadline. */
  readonly old: number;
  readonly steps: readonly Step[];
}

export function dueHistories(): fc.Arbitrary<DueHistory> {
  return fc.boolean().chain((filtersVersions) => {
    const deed = deeds(filtersVersions ? 5 * hour : 7 * minute);
    return fc.record({
      temper: fc.record({
        filtersVersions: fc.constant(filtersVersions),
        answerMs: fc.constantFrom(0, 300, 1500),
      }),
      old: fc.nat(8),
      steps: fc.array(steps(deed), { minLength: 10, maxLength: 80, size: 'max' }),
    });
  });
}

function deeds(mostBackMs: number): fc.Arbitrary<Deed> {
  const seconds = (most: number) => fc.integer({ min: 0, max: most / second }).map((s) => s * second);
  const mostly = <T>(often: T, seldom: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 3, arbitrary: fc.constant(often) }, { weight: 1, arbitrary: seldom });
  return fc.record({
    do: fc.constantFrom('insert', 'insert', 'update', 'update', 'update', 'remove'),
    pick: fc.nat(),
    dueInMs: fc.oneof(
      fc.constantFrom(null, undefined, -hour, -minute, 0, second, minute, 5 * minute, hour, 4 * hour),
      fc.integer({ min: -600, max: 3600 }).map((s) => s * second),
    ),
    isDone: mostly<boolean>(false, fc.constant(true)),
    commitsAfterMs: mostly<number>(0, seconds(2 * minute)),
    backMs: mostly<number>(0, seconds(mostBackMs)),
  });
}

function steps(deed: fc.Arbitrary<Deed>): fc.Arbitrary<Step> {
  const wait = fc.constantFrom(200, second, 30 * second, minute, 5 * minute, 11 * minute, 3 * hour);
  const limits = fc.constantFrom(
    { pageSize: 2, pages: 1 },
    { pageSize: 3, pages: 2 },
    { pageSize: 4, pages: 100 },
  );
  const crash = fc.constantFrom<Crash[]>(
    'none',
    'none',
    'none',
    'none',
    'before-delivery',
    'before-checkpoint',
  );
  const during = fc.array(deed, { maxLength: 4 });
  return fc.oneof(
    { weight: 12, arbitrary: deed },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: wait }) },
    { weight: 10, arbitrary: fc.record({ do: fc.constant('poll' as const), crash, during, limits }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('fall-back' as const), rounds: fc.integer({ min: 1, max: 3 }) }),
    },
  );
}

/** Plays a history against the poller; throws when a deadline was lost, told twice, too early or of a finished task. */
export async function runDueHistory({ temper, old, steps }: DueHistory, strategy?: Strategy): Promise<void> {
  const player = new DuePlayer(temper, strategy);
  await player.activate(old);
  for (const step of steps) await player.take(step);
  await player.settle();
}

const open = { filter: 'statecode eq 0' };

class DuePlayer {
  readonly #org: SimulatedOrg;
  readonly #host: SimulatedHost;
  readonly #logged: readonly { readonly event: string }[];
  /** Every version that was ever visible, by record and version. */
  readonly #versions = new Map<string, WireRow>();
  #sinceMs = 0;
  #wasComplete = true;

  constructor(temper: Partial<OrgBehavior>, strategy?: Strategy) {
    this.#org = new SimulatedOrg(temper);
    const context = contextOf(this.#org.reader, { changes: ['due'], due: 'dueOn' });
    this.#logged = context.logged;
    this.#host = new SimulatedHost(context, strategy);
  }

  async activate(old: number): Promise<void> {
    const columns = { followupby: toDeadline(this.#org.nowMs, 4 * hour), statecode: 0 };
    for (let made = 0; made < old; made++) this.#org.insert({ columns });
    this.#org.wait(hour);
    await this.#host.round(open);
    this.#sinceMs = this.#serverMs;
    this.#host.startBackups();
  }

  async take(step: Step): Promise<void> {
    if (step.do === 'wait') this.#org.wait(step.ms);
    else if (step.do === 'poll') await this.#poll(step);
    else if (step.do === 'fall-back') {
      this.#host.fallBack(step.rounds);
      this.#wasComplete = false;
    } else this.perform(step);
  }

  /** Time goes by, nothing happens, and every deadline that came must have been told. */
  async settle(): Promise<void> {
    let byMs = 0;
    for (let polls = 0; polls < 8; polls++) {
      this.#org.wait(6 * minute);
      byMs = this.#serverMs;
      while ((await this.#host.round(open)).hasMore);
    }
    this.#checkTold([...this.#org.rows.values()], byMs, { evenBackDated: true });
    this.#checkOnce();
  }

  perform({ do: kind, pick, dueInMs, isDone, ...write }: Deed): void {
    const followupby: WireRow =
      dueInMs === undefined
        ? {}
        : { followupby: dueInMs === null ? null : toDeadline(this.#org.nowMs, dueInMs) };
    const columns = { ...followupby, statecode: isDone ? 1 : 0 };
    const ids = [...this.#org.rows.keys()];
    const id = ids[pick % Math.max(1, ids.length)];
    if (kind === 'insert') this.#org.insert({ ...write, columns });
    else if (id !== undefined) this.#org[kind](id, { ...write, columns });
  }

  async #poll({ crash, during, limits }: Extract<Step, { do: 'poll' }>): Promise<void> {
    const deeds = [...during];
    const before = [...this.#org.rows.values()];
    const beganMs = this.#serverMs;
    this.#org.betweenPages = () => {
      this.#noteVersions();
      const deed = deeds.shift();
      if (deed !== undefined) this.perform(deed);
    };
    const { items, hasMore } = await this.#host.round({ ...open, limits }, crash);
    this.#org.betweenPages = () => {};
    for (const item of items) this.#checkTrue(item);
    if (crash !== 'none') {
      // The feed has gone on, though the host has not.
      if (hasMore) this.#wasComplete = false;
      return;
    }
    if (this.#wasComplete && !hasMore) this.#checkTold(before, beganMs, { evenBackDated: false });
    this.#wasComplete = !hasMore;
  }

  #noteVersions(): void {
    for (const { id, version, columns } of this.#org.rows.values())
      this.#versions.set(`${id} ${version}`, columns);
  }

  /** The deadline had come, and the task was open and had it when it was read. */
  #checkTrue({ at, row }: PollItem): void {
    const columns = this.#versions.get(`${row.id} ${row.title}`);
    expect(columns, `${row.id} as it was`).to.deep.include({
      statecode: 0,
      followupby: toText(Date.parse(at)),
    });
    expect(Date.parse(at), 'told too early').to.be.at.most(this.#serverMs);
  }

  /** Every deadline that had come by then, of a task that is still as it was, was told. */
  #checkTold(rows: readonly StoredRow[], byMs: number, { evenBackDated }: { evenBackDated: boolean }): void {
    const told = new Set(this.#host.saved.completed.map(({ at, row }) => `${row.id} ${Date.parse(at)}`));
    for (const { id, version, columns } of rows) {
      const dueMs = Date.parse(String(columns.followupby));
      const isCurrent = this.#org.rows.get(id)?.version === version;
      const isInReach = evenBackDated || this.#backMs(id, version) <= 7 * minute;
      const isTold = columns.statecode === 0 && dueMs > this.#sinceMs && dueMs <= byMs;
      if (isCurrent && isInReach && isTold)
        expect(told, `lost ${id} ${columns.followupby}`).to.include(`${id} ${dueMs}`);
    }
  }

  #backMs(id: string, version: number): number {
    const commit = this.#org.commits.find((each) => each.id === id && each.version === version);
    return commit?.write.backMs ?? 0;
  }

  #checkOnce(): void {
    // The host fell back so far that what was told by then is forgotten.
    if (this.#logged.some(({ event }) => event === 'feed.catch-up')) return;
    const { completed } = this.#host.saved;
    expect(new Set(completed.map(({ id }) => id)).size, 'a deadline was told twice').to.equal(
      completed.length,
    );
    const told = new Set(completed.map(({ at, row }) => `${row.id} ${at}`));
    expect(told.size, 'a deadline was told under two ids').to.equal(completed.length);
  }

  get #serverMs(): number {
    return Math.floor(this.#org.nowMs / second) * second;
  }
}

/** People like round times: many deadlines are equal. */
function toDeadline(nowMs: number, inMs: number): string {
  const isRound = inMs % minute === 0;
  return toText(isRound ? Math.round((nowMs + inMs) / (10 * minute)) * 10 * minute : nowMs + inMs);
}

function toText(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
