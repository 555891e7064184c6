import type { EditableModel } from '../model/create-model.ts';
import type { Attribute, OneToMany, TableModel } from '../model/types.ts';
import { countChanges, readChanges } from './changes.ts';
import type { Database } from './database.ts';
import { runFetch } from './fetchxml/run-fetch.ts';
import { LateWork } from './late-work.ts';
import { associate, disassociate, type Pair } from './links.ts';
import { Maker } from './maker.ts';
import { namesOf } from './names.ts';
import { runAggregate } from './query/aggregate.ts';
import type { Expanding } from './query/expand.ts';
import { countRows, runQuery } from './query/run-query.ts';
import { RowReader } from './read-row.ts';
import { noTable } from './refusal.ts';
import { type Shelf, shelfOf } from './shelf.ts';
import { ticketNumbers } from './ticket-numbers.ts';
import type * as types from './types.ts';
import { countVersions, type Versions } from './versions.ts';
import { Writer } from './writer.ts';

/** What the store stands on. */
interface Ground {
  readonly database: Database;
  readonly model: EditableModel;
  readonly now: () => number;
  readonly random: () => number;
  readonly newId: () => string;
}

const nobody: types.Actor = { userId: '' };

/** The store on SQLite: each method says which part does the work. See `Store` for what they promise. */
export class SqliteStore implements types.Store {
  readonly model: EditableModel;
  readonly shelf: Shelf;
  readonly #database: Database;
  readonly #clock: () => number;
  readonly #versions: Versions;
  readonly #late: LateWork;
  readonly #rows: RowReader;
  readonly #writer: Writer;
  readonly #maker: Maker;
  /** The time of `asOf`. */
  #pretended: number | undefined;

  constructor({ database, model, now, random, newId }: Ground) {
    this.model = model;
    this.#database = database;
    this.shelf = shelfOf(database);
    this.#clock = now;
    this.#maker = new Maker(database, model);
    this.#versions = countVersions(database, model);
    this.#late = new LateWork(database);
    this.#rows = new RowReader({ database, model });
    this.#writer = new Writer({
      ...{ database, model, newId },
      nowMs: () => this.#now(),
      nextVersion: this.#versions.next,
      ticketNumber: ticketNumbers(database, random),
      read: (table, id) => this.#rows.byId(table, id),
    });
  }

  transaction<T>(work: () => T): T {
    return this.#database.transaction(work);
  }
  commitLater<T>(visibleAtMs: number, work: () => T): T {
    return this.#late.add(visibleAtMs, this.#versions.current, work);
  }
  asOf<T>(ms: number, work: () => T): T {
    const outer = this.#pretended;
    this.#pretended = ms;
    try {
      return work();
    } finally {
      this.#pretended = outer;
    }
  }

  insert(name: string, values: types.Values, actor: types.Actor): types.Row {
    const table = this.#open(name);
    const id = this.transaction(() => this.#writer.insert(name, values, actor));
    return this.#rows.byId(table, id)!;
  }
  update({ table: name, id, ...change }: Parameters<types.Store['update']>[0]): types.Row {
    const table = this.#open(name);
    this.transaction(() => this.#writer.update(name, id, change));
    return this.#rows.byId(table, id)!;
  }
  delete(name: string, id: string, expected?: string): void {
    this.#open(name);
    this.transaction(() => this.#writer.delete(name, id, expected));
  }

  read(name: string, id: string): types.Row | undefined {
    return this.#rows.byId(this.#open(name), id);
  }
  readByKey(name: string, key: types.Values): types.Row | undefined {
    return this.#rows.byKey(this.#open(name), key);
  }
  query(name: string, request: types.QueryRequest): types.QueryResult {
    return runQuery(this.#open(name), request, this.#asking(request.actor));
  }
  aggregate(name: string, request: types.AggregateRequest): types.AggregateResult {
    return runAggregate(this.#open(name), request, this.#asking(request.actor));
  }
  count(name: string, request: Parameters<types.Store['count']>[1] = { actor: nobody }): number {
    return countRows(this.#open(name), request, this.#asking(request.actor));
  }
  fetchXml(xml: string, actor: types.Actor): types.FetchResult {
    this.#settle();
    return runFetch(xml, this.#asking(actor));
  }
  names(name: string, ids: Iterable<string>): ReadonlyMap<string, string> {
    return namesOf(name, ids, this.#asking(nobody));
  }

  associate(pair: Pair): void {
    associate(pair, this.#asking(nobody));
  }
  disassociate(pair: Pair): void {
    disassociate(pair, this.#asking(nobody));
  }

  changesSince(name: string, request: types.ChangesRequest): types.ChangesResult {
    return readChanges(this.#open(name), request, this.#asking(nobody));
  }
  countChanges(name: string, since: string): number {
    return countChanges(this.#open(name), since, this.#asking(nobody));
  }
  currentVersion(): string {
    return `${this.#versions.current}`;
  }
  settledVersion(): string {
    return `${this.#late.settledBefore ?? this.#versions.current}`;
  }

  addTable(table: types.CustomTable): TableModel {
    return this.#maker.addTable(table);
  }
  addColumn(table: string, attribute: Attribute): Attribute {
    return this.#maker.addColumn(table, attribute);
  }
  addKey(table: string, name: string, columns: readonly string[]): void {
    this.#maker.addKey(table, name, columns);
  }
  addOneToMany(relationship: OneToMany): void {
    this.#maker.addOneToMany(relationship);
  }

  close(): void {
    this.#database.close();
  }

  #now(): number {
    return this.#pretended ?? this.#clock();
  }

  /** Shows late work that is due; never in the middle of a transaction. */
  #settle(): void {
    if (!this.#database.busy) this.#late.settle(this.#clock());
  }

  /** The table of that name, as of now. */
  #open(name: string): TableModel {
    const table = this.model.table(name);
    if (!table) throw noTable(name);
    this.#settle();
    return table;
  }

  #asking(actor: types.Actor): Expanding {
    return { database: this.#database, model: this.model, actor, nowMs: this.#now() };
  }
}
