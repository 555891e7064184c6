import { ConnectorError } from '../../src/errors/connector-error.ts';
import type { PollPage, RowQuery, RowReader, WireRow } from '../../src/feed/row-reader-port.ts';
import { asRow, compareBy, createMatcher, type StoredRow } from './simulated-query.ts';

/** How this organization behaves where organizations differ or nobody knows. */
export interface OrgBehavior {
  /** It answers filters on `versionnumber`. */
  readonly filtersVersions: boolean;
  /** It pages by the last row's values, as Dataverse does, or by counting rows. */
  readonly paging: 'seek' | 'offset';
  /** When the token of a delta link is taken, and what it counts. */
  readonly tokenTaken: 'first-page' | 'last-page';
  readonly tokenCounts: 'commits' | 'versions';
  /** Rows on a page of tracked changes, whatever is asked for. */
  readonly deltaPageSize: number;
  /** Most rows on any other page, whatever is asked for. */
  readonly maxPageSize: number;
  /** How long each answer takes. */
  readonly answerMs: number;
}

export const defaultBehavior: OrgBehavior = {
  filtersVersions: false,
  paging: 'seek',
  tokenTaken: 'first-page',
  tokenCounts: 'commits',
  deltaPageSize: 5000,
  maxPageSize: 5000,
  answerMs: 0,
};

/** How one write differs from a plain one. */
export interface WriteOptions {
  /** It commits so much later than it wrote; the row is locked until then. */
  readonly commitsAfterMs?: number;
  /** Its `modifiedon` lies so much before the write. */
  readonly backMs?: number;
  /** An insert's `createdon` lies an hour before. */
  readonly bornEarlier?: boolean;
  readonly by?: string;
  readonly columns?: WireRow;
}

/** A version of a record that became visible. */
export interface Commit {
  readonly id: string;
  readonly version: number;
  readonly kind: 'insert' | 'update' | 'delete';
  readonly atMs: number;
  readonly write: WriteOptions;
}

interface Pending {
  readonly atMs: number;
  readonly apply: () => void;
}

type Continuation = () => PollPage;

/** An organization in memory: one table, its own clock, transactions that commit late, links that expire. */
export class SimulatedOrg {
  nowMs = Date.UTC(2026, 2, 1, 8);
  readonly rows = new Map<string, StoredRow>();
  readonly commits: Commit[] = [];
  readonly queries: (RowQuery & { readonly tracked?: true })[] = [];
  /** Runs after each answer: what others do between two pages. */
  betweenPages: () => void = () => {};
  /** Rows that stand in every answer of `read` besides the real ones. */
  poison: readonly WireRow[] = [];
  readonly #temper: OrgBehavior;
  readonly #locked = new Set<string>();
  readonly #links = new Map<string, Continuation>();
  #pending: Pending[] = [];
  #version = 1000;
  #made = 0;
  #linksMade = 0;

  constructor(temper: Partial<OrgBehavior> = {}) {
    this.#temper = { ...defaultBehavior, ...temper };
  }

  insert(write: WriteOptions = {}): string {
    const id = `00000000-0000-4000-8000-${String(++this.#made).padStart(12, '0')}`;
    const createdMs = write.bornEarlier ? this.nowMs - 3_600_000 : this.nowMs - (write.backMs ?? 0);
    this.#write(id, 'insert', write, (record) => this.rows.set(id, { ...record, createdMs }));
    return id;
  }

  /** False when the row is not there, or another transaction holds it. */
  update(id: string, write: WriteOptions = {}): boolean {
    const before = this.rows.get(id);
    if (before === undefined || this.#locked.has(id)) return false;
    const columns = { ...before.columns, ...write.columns };
    this.#write(id, 'update', { ...write, columns }, (record) =>
      this.rows.set(id, { ...record, createdMs: before.createdMs }),
    );
    return true;
  }

  remove(id: string, write: WriteOptions = {}): boolean {
    if (!this.rows.has(id) || this.#locked.has(id)) return false;
    this.#write(id, 'delete', write, () => this.rows.delete(id));
    return true;
  }

  wait(ms: number): void {
    this.nowMs += ms;
    const due = this.#pending.filter(({ atMs }) => atMs <= this.nowMs).sort((a, b) => a.atMs - b.atMs);
    this.#pending = this.#pending.filter(({ atMs }) => atMs > this.nowMs);
    for (const { apply } of due) apply();
  }

  /**
   * A backup of the rows. Its `restore` loses everything since. Then versions are given a second time, or go on so much
   * higher: SQL Server reserves some thousands of them at once.
   */
  backUp({ linksStay = false, reserved = 0 } = {}): () => void {
    const rows = new Map(this.rows);
    const version = this.#version;
    const commitCount = this.commits.length;
    return () => {
      this.rows.clear();
      for (const [id, row] of rows) this.rows.set(id, row);
      this.#version = version + reserved;
      this.commits.length = commitCount;
      this.#pending = [];
      this.#locked.clear();
      if (!linksStay) this.expireLinks();
    };
  }

  /** No link that was handed out works any more. */
  expireLinks(): void {
    this.#links.clear();
  }

  readonly reader: RowReader = {
    read: async (query) => this.#answer(() => this.#read(query)),
    find: async (id) =>
      this.#answer(() => {
        const row = this.rows.get(id);
        return { rows: row === undefined ? [] : [asRow(row)], serverTimeMs: this.#serverTime() };
      }),
    next: async (link) => this.#answer(() => this.#open(link)),
    trackChanges: async (query) => this.#answer(() => this.#track(query)),
    follow: async (link) => this.#answer(() => this.#open(link)),
    countRows: async () => this.rows.size,
  };

  #write(id: string, kind: Commit['kind'], write: WriteOptions, apply: (record: StoredRow) => void): void {
    const version = ++this.#version;
    const modifiedMs = this.nowMs - (write.backMs ?? 0);
    const record = {
      id,
      version,
      createdMs: 0,
      modifiedMs,
      by: write.by ?? 'a',
      columns: write.columns ?? {},
    };
    this.#locked.add(id);
    const atMs = this.nowMs + (write.commitsAfterMs ?? 0);
    this.#pending.push({
      atMs,
      apply: () => {
        this.#locked.delete(id);
        apply(record);
        this.commits.push({ id, version, kind, atMs, write });
      },
    });
    this.wait(0);
  }

  #answer(page: () => PollPage): PollPage {
    this.wait(this.#temper.answerMs);
    const answer = page();
    this.betweenPages();
    return answer;
  }

  #open(link: string): PollPage {
    const page = this.#links.get(link);
    if (page === undefined) throw requestError('0x80044352', 'The link has expired.');
    return page();
  }

  #link(page: Continuation): string {
    const link = `https://contoso.crm.dynamics.com/links/${++this.#linksMade}`;
    this.#links.set(link, page);
    return link;
  }

  #read(query: RowQuery): PollPage {
    this.queries.push(query);
    const isOnVersions = /versionnumber/.test(`${query.filter} ${query.orderBy}`);
    if (isOnVersions && !this.#temper.filtersVersions) throw requestError('0x80060888', 'Not filterable.');
    return this.#page(query, () => true, 0);
  }

  #page(query: RowQuery, isAfter: (record: StoredRow) => boolean, offset: number): PollPage {
    const compare = compareBy(query.orderBy ?? 'incidentid asc');
    const found = [...this.rows.values()].filter(createMatcher(query.filter)).sort(compare);
    const rest = this.#temper.paging === 'seek' ? found.filter(isAfter) : found.slice(offset);
    const rows = rest.slice(0, Math.min(query.pageSize, this.#temper.maxPageSize));
    const last = rows.at(-1);
    const isMore = rest.length > rows.length && last !== undefined;
    const next = () => this.#page(query, (record) => compare(record, last!) > 0, offset + rows.length);
    return {
      rows: [...this.poison, ...rows.map(asRow)],
      serverTimeMs: this.#serverTime(),
      ...(isMore ? { nextLink: this.#link(next) } : {}),
    };
  }

  #track(query: RowQuery): PollPage {
    this.queries.push({ ...query, tracked: true });
    const first = this.#token();
    const page = (after: string): PollPage => {
      const rest = [...this.rows.values()]
        .filter(({ id }) => id > after)
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      const rows = rest.slice(0, this.#temper.deltaPageSize);
      const link =
        rest.length > rows.length
          ? { nextLink: this.#link(() => page(rows.at(-1)!.id)) }
          : { deltaLink: this.#deltaLink(first) };
      return { rows: rows.map(asRow), serverTimeMs: this.#serverTime(), ...link };
    };
    return page('');
  }

  #deltaLink(first: number): string {
    const token = this.#temper.tokenTaken === 'first-page' ? first : this.#token();
    return this.#link(() => {
      const again = this.#token();
      const changes = this.#changesSince(token);
      const page = (offset: number): PollPage => {
        const end = offset + this.#temper.deltaPageSize;
        const link =
          end < changes.length
            ? { nextLink: this.#link(() => page(end)) }
            : { deltaLink: this.#deltaLink(again) };
        return { rows: changes.slice(offset, end), serverTimeMs: this.#serverTime(), ...link };
      };
      return page(0);
    });
  }

  #token(): number {
    if (this.#temper.tokenCounts === 'commits') return this.commits.length;
    return Math.max(0, ...this.commits.map(({ version }) => version));
  }

  /** The last state of every row with a change since the token: rows first, then deletions. */
  #changesSince(token: number): WireRow[] {
    const since = this.commits.filter((commit, index) =>
      this.#temper.tokenCounts === 'commits' ? index >= token : commit.version > token,
    );
    const ids = [...new Set(since.map(({ id }) => id))];
    const live = ids.filter((id) => this.rows.has(id)).map((id) => asRow(this.rows.get(id)!));
    const gone = ids.filter((id) => !this.rows.has(id)).map(asTombstone);
    return [...live, ...gone];
  }

  #serverTime(): number {
    return Math.floor(this.nowMs / 1000) * 1000;
  }
}

function asTombstone(id: string): WireRow {
  return {
    '@odata.context': 'https://contoso.crm.dynamics.com/api/data/v9.2/$metadata#incidents/$deletedEntity',
    id,
    reason: 'deleted',
  };
}

/** An answer of 400, as the engine's reader throws it. */
export function requestError(serverCode: string, message: string, status = 400): ConnectorError {
  return new ConnectorError(status === 403 ? 'ACCESS_DENIED' : 'BAD_REQUEST', message, {
    status,
    serverCode,
  });
}
