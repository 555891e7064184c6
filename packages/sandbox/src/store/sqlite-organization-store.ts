import type { FetchElement } from 'dynamics365-connector/odata';
import type { EditableModel } from '../model/create-model.ts';
import type { Attribute, OneToManyRelationship, TableModel } from '../model/types.ts';
import { type Association, associate, disassociate } from './associations.ts';
import { createAutoNumbers } from './auto-numbers.ts';
import { type BlobStore, createBlobStore } from './blob-store.ts';
import { findDependents } from './cascade-delete.ts';
import type { CustomTable } from './custom-table.ts';
import type { Database, StoreContext } from './database.ts';
import { DelayedCommits } from './delayed-commits.ts';
import { rowNotFound } from './errors.ts';
import { runFetch, runFetchXml } from './fetchxml/run-fetchxml.ts';
import { holdWork } from './hold-work.ts';
import type { OrganizationSchema } from './organization-schema.ts';
import type { OrganizationSecurity } from './organization-security.ts';
import { runAggregate } from './query/aggregate.ts';
import type { QueryContext } from './query/compilation.ts';
import { countRows, runQuery } from './query/run-query.ts';
import { RecycleBin } from './recycle-bin.ts';
import { requireTable } from './require-table.ts';
import { createOrganizationSecurity } from './role-privileges.ts';
import { readRowNames } from './row-names.ts';
import { createRowVersions, type RowVersions } from './row-versions.ts';
import { SchemaEditor } from './schema-editor.ts';
import { createOrganizationSql } from './schema-sql.ts';
import { dropContent, Snapshots } from './snapshots.ts';
import { StoredRowReader } from './stored-row-reader.ts';
import { StoredRowWriter } from './stored-row-writer.ts';
import { countTableChanges, readTableChanges } from './table-changes.ts';
import { createTicketNumbers } from './ticket-numbers.ts';
import type * as types from './types.ts';

/** What a store consists of. */
interface StoreParts {
  readonly database: Database;
  /** Creates the standard tables, to which the database adds those that it holds. */
  readonly createModel: () => EditableModel;
  readonly now: () => number;
  readonly random: () => number;
  readonly newId: () => string;
}

/** What is read from the database when it is opened, and again when its content is replaced. */
interface LoadedState {
  readonly context: StoreContext & { readonly model: EditableModel };
  readonly versions: RowVersions;
  readonly delayedCommits: DelayedCommits;
  readonly rowReader: StoredRowReader;
  readonly rowWriter: StoredRowWriter;
  readonly schemaEditor: SchemaEditor;
  readonly security: OrganizationSecurity;
  readonly bin: RecycleBin;
}

/** The actor of operations that do not depend on the user. */
const nullActor: types.Actor = { userId: '' };

/** The store on SQLite. Each method delegates to the part that does the work; see `OrganizationStore`. */
export class SqliteOrganizationStore implements types.OrganizationStore {
  readonly blobs: BlobStore;
  readonly #parts: StoreParts;
  #isOpen = true;
  readonly #database: Database;
  readonly #clock: () => number;
  readonly #snapshots: Snapshots;
  #state: LoadedState;
  /** The GUID with whose last groups the ids of new rows end. */
  #idSource: string | undefined;
  /** The time of `withTime`. */
  #timeOverrideMs: number | undefined;

  constructor(parts: StoreParts) {
    const { database, now } = parts;
    this.#parts = parts;
    this.#database = database;
    this.#clock = now;
    this.#snapshots = new Snapshots(database);
    this.blobs = createBlobStore(database);
    this.#state = this.#load();
  }

  get model(): EditableModel {
    return this.#state.context.model;
  }

  transaction<T>(work: () => T): T {
    const restoreModel = this.model.checkpoint();
    try {
      return this.#database.transaction(work);
    } catch (error) {
      restoreModel();
      throw error;
    }
  }
  hold<T>(work: () => T): types.HeldWork<T> {
    return holdWork({ ...this.#state, model: this.model }, { work, run: () => this.transaction(work) });
  }
  commitLater<T>(visibleAtMs: number, work: () => T): T {
    const held = this.hold(work);
    held.commitAt(visibleAtMs);
    return held.result;
  }
  withTime<T>(ms: number, work: () => T): T {
    const outer = this.#timeOverrideMs;
    this.#timeOverrideMs = ms;
    try {
      return work();
    } finally {
      this.#timeOverrideMs = outer;
    }
  }

  insert(name: string, values: types.ColumnValues, actor: types.Actor): types.StoredRow {
    return this.#readWritten(this.#requireTable(name), this.add(name, values, actor));
  }
  add(name: string, values: types.ColumnValues, actor: types.Actor): string {
    this.#requireTable(name);
    return this.transaction(() => this.#state.rowWriter.insert(name, values, actor));
  }
  update({ table: name, id, ...change }: Parameters<types.OrganizationStore['update']>[0]): types.StoredRow {
    const table = this.#requireTable(name);
    this.transaction(() => this.#state.rowWriter.update(name, id, change));
    return this.#readWritten(table, id);
  }
  delete(name: string, id: string, expected?: string): void {
    this.#requireTable(name);
    this.transaction(() => this.#state.rowWriter.delete(name, id, expected));
  }

  dependentsOf(name: string, id: string): readonly types.Dependent[] {
    return findDependents(this.#requireTable(name), id.toLowerCase(), this.#state.context);
  }
  read(name: string, id: string): types.StoredRow | undefined {
    return this.#state.rowReader.byId(this.#requireTable(name), id);
  }
  readByKey(name: string, key: types.ColumnValues): types.StoredRow | undefined {
    return this.#state.rowReader.byKey(this.#requireTable(name), key);
  }
  query(name: string, request: types.StoreQuery): types.StoreQueryResult {
    return runQuery(this.#requireTable(name), request, this.#queryContext(request.actor));
  }
  aggregate(name: string, request: types.AggregateRequest): types.AggregateResult {
    return runAggregate(this.#requireTable(name), request, this.#queryContext(request.actor));
  }
  count(
    name: string,
    request: Parameters<types.OrganizationStore['count']>[1] = { actor: nullActor },
  ): number {
    return countRows(this.#requireTable(name), request, this.#queryContext(request.actor));
  }
  fetchXml(xml: string, actor: types.Actor): types.FetchResult {
    this.#commitDue();
    return runFetchXml(xml, this.#queryContext(actor));
  }
  fetch(query: FetchElement, actor: types.Actor, window?: types.RowWindow): types.FetchResult {
    this.#commitDue();
    return runFetch(query, this.#queryContext(actor), window);
  }
  readNames(name: string, ids: Iterable<string>): ReadonlyMap<string, string> {
    return readRowNames(name, ids, this.#state.context);
  }

  associate(pair: Association): void {
    associate(pair, { ...this.#state.context, nextVersion: this.#state.versions.next });
  }
  disassociate(pair: Association): void {
    disassociate(pair, this.#state.context);
  }

  changesSince(name: string, request: types.ChangesRequest): types.ChangesResult {
    return readTableChanges(this.#requireTable(name), request, this.#state.context);
  }
  countChanges(name: string, since: string): number {
    return countTableChanges(this.#requireTable(name), since, this.#state.context);
  }
  currentVersion(): string {
    return `${this.#state.versions.current}`;
  }
  visibleVersion(): string {
    return `${this.#state.delayedCommits.visibleVersionLimit ?? this.#state.versions.current}`;
  }

  get bin(): RecycleBin {
    return this.#state.bin;
  }
  get security(): OrganizationSecurity {
    this.#commitDue();
    return this.#state.security;
  }
  get schema(): OrganizationSchema {
    return this.#state.schemaEditor;
  }
  addTable(table: CustomTable): TableModel {
    return this.#state.schemaEditor.addTable(table);
  }
  addColumn(table: string, attribute: Attribute): Attribute {
    return this.#state.schemaEditor.addColumn(table, attribute);
  }
  addKey(table: string, name: string, columns: readonly string[], displayName?: string): void {
    this.#state.schemaEditor.addKey(table, { logicalName: name, displayName, columns });
  }
  addOneToMany(relationship: OneToManyRelationship): void {
    this.#state.schemaEditor.addOneToMany(relationship);
  }

  saveSnapshot(): string {
    this.#commitDue();
    return this.#snapshots.save();
  }
  restoreSnapshot(id: string): void {
    this.#replace((load) => this.#snapshots.restore(id, load));
  }
  recreate(fill: () => void): void {
    this.#replace((load) =>
      this.transaction(() => {
        dropContent(this.#database);
        this.#database.executeSchema(createOrganizationSql(this.#parts.createModel()));
        load();
        fill();
      }),
    );
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }
  close(): void {
    this.#isOpen = false;
    this.#database.close();
    this.#snapshots.close();
  }

  /** Replaces the content of the database. If that fails, the database and the state are those before. */
  #replace(work: (load: () => void) => void): void {
    const before = this.#state;
    try {
      work(() => {
        this.#state = this.#load();
      });
    } catch (error) {
      this.#state = before;
      throw error;
    }
  }

  #load(): LoadedState {
    const { database, random, newId, createModel } = this.#parts;
    // Each load takes one id, so that a reset repeats the random numbers; new rows keep the source of the first one.
    const source = newId();
    this.#idSource ??= source;
    const model = createModel();
    const schemaEditor = new SchemaEditor(database, model, () => this.#state.versions.next());
    const versions = createRowVersions(database, model);
    const rowReader = new StoredRowReader({ database, model });
    const nowMs = () => this.#now();
    const read = (table: TableModel, id: string) => rowReader.byId(table, id);
    const bin = new RecycleBin({ database, model, nowMs, nextVersion: versions.next, read });
    const rowWriter = new StoredRowWriter({
      database,
      model,
      idSource: this.#idSource,
      nowMs,
      nextVersion: versions.next,
      ticketNumber: createTicketNumbers(database, random),
      autoNumber: createAutoNumbers(this.blobs, { nowMs, random }),
      read,
      bin,
    });
    const context = { database, model };
    const delayedCommits = new DelayedCommits(database);
    const security = createOrganizationSecurity({ ...context, nextVersion: versions.next });
    return { context, versions, delayedCommits, rowReader, rowWriter, schemaEditor, security, bin };
  }

  #now(): number {
    return this.#timeOverrideMs ?? this.#clock();
  }

  /** Commits delayed writes that are due, but not in a transaction. */
  #commitDue(): void {
    if (!this.#database.inTransaction) this.#state.delayedCommits.commitDue(this.#clock());
  }

  #readWritten(table: TableModel, id: string): types.StoredRow {
    const row = this.#state.rowReader.byId(table, id);
    if (!row) throw rowNotFound(table, id);
    return row;
  }

  /** The table of this name, after delayed writes that are due have been committed. */
  #requireTable(name: string): TableModel {
    this.#commitDue();
    return requireTable(this.model, name);
  }

  #queryContext(actor: types.Actor): QueryContext {
    return { database: this.#database, model: this.model, actor, nowMs: this.#now() };
  }
}
