import type { Model, TableModel } from '../model/types.ts';
import type { BlobStore } from './blob-store.ts';
import type { DeletedRows } from './deleted-rows.ts';
import type { OrganizationSchema } from './organization-schema.ts';
import type { OrganizationSecurity } from './organization-security.ts';
import type * as types from './types.ts';

type Store = types.OrganizationStore;

/** A store that does what another one does. Derived classes change some of its methods. */
export class StoreDecorator implements Store {
  protected readonly inner: Store;

  constructor(inner: Store) {
    this.inner = inner;
  }

  get model(): Model {
    return this.inner.model;
  }
  get blobs(): BlobStore {
    return this.inner.blobs;
  }
  get schema(): OrganizationSchema {
    return this.inner.schema;
  }
  get bin(): DeletedRows {
    return this.inner.bin;
  }
  get security(): OrganizationSecurity {
    return this.inner.security;
  }
  get isOpen(): boolean {
    return this.inner.isOpen;
  }

  transaction<T>(work: () => T): T {
    return this.inner.transaction(work);
  }
  hold<T>(work: () => T): types.HeldWork<T> {
    return this.inner.hold(work);
  }
  commitLater<T>(visibleAtMs: number, work: () => T): T {
    return this.inner.commitLater(visibleAtMs, work);
  }
  withTime<T>(ms: number, work: () => T): T {
    return this.inner.withTime(ms, work);
  }

  insert(table: string, values: types.ColumnValues, actor: types.Actor): types.StoredRow {
    return this.inner.insert(table, values, actor);
  }
  add(table: string, values: types.ColumnValues, actor: types.Actor): string {
    return this.insert(table, values, actor).id;
  }
  update(change: Parameters<Store['update']>[0]): types.StoredRow {
    return this.inner.update(change);
  }
  delete(table: string, id: string, expected?: string): void {
    this.inner.delete(table, id, expected);
  }

  dependentsOf(table: string, id: string): readonly types.Dependent[] {
    return this.inner.dependentsOf(table, id);
  }
  read(table: string, id: string): types.StoredRow | undefined {
    return this.inner.read(table, id);
  }
  readByKey(table: string, key: types.ColumnValues): types.StoredRow | undefined {
    return this.inner.readByKey(table, key);
  }
  query(table: string, request: types.StoreQuery): types.StoreQueryResult {
    return this.inner.query(table, request);
  }
  aggregate(table: string, request: types.AggregateRequest): types.AggregateResult {
    return this.inner.aggregate(table, request);
  }
  count(table: string, request?: Parameters<Store['count']>[1]): number {
    return this.inner.count(table, request);
  }
  fetchXml(xml: string, actor: types.Actor): types.FetchResult {
    return this.inner.fetchXml(xml, actor);
  }
  fetch(...[query, actor, window]: Parameters<Store['fetch']>): types.FetchResult {
    return this.inner.fetch(query, actor, window);
  }
  readNames(table: string, ids: Iterable<string>): ReadonlyMap<string, string> {
    return this.inner.readNames(table, ids);
  }

  associate(pair: Parameters<Store['associate']>[0]): void {
    this.inner.associate(pair);
  }
  disassociate(pair: Parameters<Store['disassociate']>[0]): void {
    this.inner.disassociate(pair);
  }

  changesSince(table: string, request: types.ChangesRequest): types.ChangesResult {
    return this.inner.changesSince(table, request);
  }
  countChanges(table: string, since: string): number {
    return this.inner.countChanges(table, since);
  }
  currentVersion(): string {
    return this.inner.currentVersion();
  }
  visibleVersion(): string {
    return this.inner.visibleVersion();
  }

  addTable(table: Parameters<Store['addTable']>[0]): TableModel {
    return this.schema.addTable(table);
  }
  addColumn(...[table, attribute]: Parameters<Store['addColumn']>): ReturnType<Store['addColumn']> {
    return this.schema.addColumn(table, attribute);
  }
  addKey(...[table, name, columns, displayName]: Parameters<Store['addKey']>): void {
    this.schema.addKey(table, { logicalName: name, displayName, columns });
  }
  addOneToMany(relationship: Parameters<Store['addOneToMany']>[0]): void {
    this.schema.addOneToMany(relationship);
  }

  saveSnapshot(): string {
    return this.inner.saveSnapshot();
  }
  restoreSnapshot(id: string): void {
    this.inner.restoreSnapshot(id);
  }
  recreate(fill: () => void): void {
    this.inner.recreate(fill);
  }
  close(): void {
    this.inner.close();
  }
}
