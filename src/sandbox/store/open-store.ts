import { randomUUID } from 'node:crypto';
import { standardModel } from '../model/standard-model.ts';
import type { TableModel } from '../model/types.ts';
import { countChanges, readChanges } from './changes.ts';
import { Database } from './database.ts';
import { runFetch } from './fetchxml/run-fetch.ts';
import { LateWork } from './late-work.ts';
import { associate, disassociate } from './links.ts';
import { maker } from './maker.ts';
import { namesOf } from './names.ts';
import { runAggregate } from './query/aggregate.ts';
import { countRows, runQuery } from './query/run-query.ts';
import { RowReader } from './read-row.ts';
import { noTable } from './refusal.ts';
import { createOrganisation } from './schema.ts';
import { ticketNumbers } from './ticket-numbers.ts';
import type { Store } from './types.ts';
import { countVersions } from './versions.ts';
import { Writer } from './writer.ts';

/** What a store is opened with. */
export interface StoreOptions {
  /** Path of a database file; in memory without. */
  readonly file?: string;
  /** Milliseconds since the epoch; the machine's clock unless told. */
  readonly now?: () => number;
  /** Uniform in [0, 1): the letters of ticket numbers. */
  readonly random?: () => number;
  /** Ids of new rows; random UUIDs unless told. */
  readonly newId?: () => string;
}

/** Opens the database of one organisation: new with the standard tables, or as the file holds it. */
export function openStore(options: StoreOptions = {}): Store {
  const { now: clock = Date.now, random = Math.random, newId = randomUUID } = options;
  let pretended: number | undefined;
  const now = () => pretended ?? clock();
  const database = new Database(options.file ?? ':memory:');
  const model = standardModel();
  database.define(createOrganisation(model));
  const making = maker(database, model);
  const world = { database, model };
  const versions = countVersions(database, model);
  const late = new LateWork(database);
  const rows = new RowReader(world);
  const writer = new Writer({
    ...world,
    nowMs: now,
    newId,
    nextVersion: versions.next,
    ticketNumber: ticketNumbers(database, random),
    read: (table, id) => rows.byId(table, id),
  });

  const settle = () => {
    if (!database.busy) late.settle(clock());
  };
  /** The table of that name, after everything that is due has been shown. */
  const open = (name: string): TableModel => {
    const table = model.table(name);
    if (!table) throw noTable(name);
    settle();
    return table;
  };
  const asking = (request: { readonly actor: { readonly userId: string } }) => ({
    ...world,
    actor: request.actor,
    nowMs: now(),
  });

  return {
    model,
    transaction: (work) => database.transaction(work),
    commitLater: (visibleAtMs, work) => late.add(visibleAtMs, versions.current, work),
    asOf(ms, work) {
      const outer = pretended;
      pretended = ms;
      try {
        return work();
      } finally {
        pretended = outer;
      }
    },
    insert(name, values, actor) {
      const table = open(name);
      return rows.byId(
        table,
        database.transaction(() => writer.insert(name, values, actor)),
      )!;
    },
    update({ table: name, id, ...change }) {
      const table = open(name);
      database.transaction(() => writer.update(name, id, change));
      return rows.byId(table, id)!;
    },
    delete(name, id, expected) {
      open(name);
      database.transaction(() => writer.delete(name, id, expected));
    },
    read: (name, id) => rows.byId(open(name), id),
    readByKey: (name, key) => rows.byKey(open(name), key),
    query: (name, request) => runQuery(open(name), request, asking(request)),
    aggregate: (name, request) => runAggregate(open(name), request, asking(request)),
    count: (name, request = { actor: { userId: '' } }) => countRows(open(name), request, asking(request)),
    fetchXml(xml, actor) {
      settle();
      return runFetch(xml, asking({ actor }));
    },
    names: (name, ids) => namesOf(name, ids, world),
    associate: (pair) => associate(pair, world),
    disassociate: (pair) => disassociate(pair, world),
    changesSince: (name, request) => readChanges(open(name), request, world),
    countChanges: (name, since) => countChanges(open(name), since, world),
    currentVersion: () => `${versions.current}`,
    settledVersion: () => `${late.settledBefore ?? versions.current}`,
    ...making,
    close: () => database.close(),
  };
}
