import type { TableModel } from '../../../src/model/types.ts';
import type { ColumnValue, EntityReference, OrganizationStore } from '../../../src/store/types.ts';
import { firstSegment, type Json } from '../exchange.ts';
import { addCustomColumns } from './custom-columns.ts';
import { addCustomTable } from './custom-table.ts';
import { complete, filteredValues } from './filter.ts';
import { actor, ensure, guid, seedRow } from './rows.ts';
import { parseObject, type Sample } from './sample.ts';

/** The greatest count that Dataverse reports. */
const maxCount = 5000;
const inPath = /(\w+)\(([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\)/gi;

/**
 * Creates the rows that a sample assumes: those in its request and those in its response. Returns the problems: a row
 * that cannot be created shows as a difference of the answer, and the problem says why.
 */
export function seed(store: OrganizationStore, sample: Sample): readonly string[] {
  const problems: string[] = [];
  const attempt = (work: () => void) => {
    try {
      work();
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  };
  const { request } = sample;
  attempt(() => addCustomTable(store, sample));
  attempt(() => addCustomColumns(store, sample));
  const missing = sample.status === 404 ? guid.exec(request.url)?.[0] : undefined;
  for (const [, set = '', id = ''] of `${request.url}\n${request.body ?? ''}`.matchAll(inPath)) {
    const table = store.model.tableBySet(set);
    if (table && id !== missing) attempt(() => ensure(store, table, id));
  }
  for (const entity of entitiesIn(request.body)) attempt(() => seedParameter(store, entity));
  attempt(() => seedDuplicate(store, sample));
  attempt(() => seedLink(store, sample));
  if (request.method === 'GET' && sample.json) seedResponseRows(store, sample, sample.json, attempt);
  return problems;
}

/** The row that a request with duplicate detection would repeat. */
function seedDuplicate(store: OrganizationStore, { request }: Sample): void {
  const detects =
    request.url.includes('SuppressDuplicate') || request.headers['MSCRM.SuppressDuplicateDetection'];
  const table = detects ? store.model.tableBySet(setOf(request.url)) : undefined;
  if (table && request.body) store.insert(table.logicalName, JSON.parse(request.body), actor);
}

/** The value of the lookup that `DELETE …/$ref` clears. */
function seedLink(store: OrganizationStore, { request, status }: Sample): void {
  const [, set = '', id = '', name = ''] =
    /\/(\w+)\(([0-9a-f-]{36})\)\/(\w+)\/\$ref$/i.exec(request.url) ?? [];
  const table = store.model.tableBySet(set);
  const navigation = table && store.model.navigation(table, name);
  const target = navigation && store.model.table(navigation.target);
  if (request.method !== 'DELETE' || status !== 204 || !table || navigation?.kind !== 'lookup' || !target)
    return;
  const far = ensure(store, target, '0000000a-0000-4000-8000-0000000000fe');
  store.update({ table: table.logicalName, id, values: { [navigation.attribute.logicalName]: far }, actor });
}

function setOf(url: string): string {
  return firstSegment(url) ?? '';
}

/** The objects of a body that reference an existing row by type and key. */
function entitiesIn(body: string | undefined): readonly Json[] {
  const found: Json[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('@odata.type' in value) found.push(value as Json);
    for (const inner of Object.values(value)) walk(inner);
  };
  // In a batch, the parts name rows in their URLs.
  walk(parseObject(body));
  return found;
}

function seedParameter(store: OrganizationStore, entity: Json): void {
  const table = store.model.table(String(entity['@odata.type']).replace(/^#?Microsoft\.Dynamics\.CRM\./, ''));
  const id = table && entity[table.primaryId];
  if (table && typeof id === 'string' && guid.test(id)) ensure(store, table, id);
}

type Attempt = (work: () => void) => void;

function seedResponseRows(store: OrganizationStore, { request }: Sample, json: Json, attempt: Attempt): void {
  const context = /#(\w+)/.exec(String(json['@odata.context']))?.[1] ?? setOf(request.url);
  const table = store.model.tableBySet(context) ?? linkedTable(store, request.url);
  if (!table) return;
  if (request.url.includes('InitializeFrom(')) {
    attempt(() => seedSource(store, table, { url: request.url, json }));
    return;
  }
  const single = /\/api\/data\/v[\d.]+\/\w+\([^)]*\)\/(\w+)/.exec(request.url)?.[1];
  const column = single && store.model.property(table, single);
  const [, id] = /\w+\(([0-9a-f-]{36})\)/.exec(request.url) ?? [];
  if (column && id && 'value' in json) {
    attempt(() => ensure(store, table, id, { [column.logicalName]: json.value as ColumnValue }));
    return;
  }
  const rows = Array.isArray(json.value) ? (json.value as Json[]) : [json];
  const paged = request.headers.Prefer?.includes('maxpagesize') ?? false;
  if (paged && request.url.includes('skiptoken'))
    addRows(store, table, { count: rows.length, sorted: 'before' });
  seedEarlierPages(store, table, request.url);
  attempt(() => seedRows(store, table, { url: request.url, rows, id, single }));
  if (json['@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded'] === true) {
    store.transaction(() => addRows(store, table, { count: maxCount + 1, sorted: 'after' }));
  } else if (paged) addRows(store, table, { count: rows.length * 3 + 1, sorted: 'after' });
}

/** The table of the rows that a list of links (`…/$ref`) names. */
function linkedTable(store: OrganizationStore, url: string): TableModel | undefined {
  const [, set = '', name = ''] = /\/(\w+)\([^)]*\)\/(\w+)\/\$ref/.exec(url) ?? [];
  const table = store.model.tableBySet(set);
  const navigation = table && store.model.navigation(table, name);
  return navigation && store.model.table(navigation.target);
}

/** The rows before the page of a FetchXML query. */
function seedEarlierPages(store: OrganizationStore, table: TableModel, url: string): void {
  const page = Number(/<fetch[^>]*\spage="(\d+)"/.exec(url)?.[1] ?? 1);
  const size = Number(/<fetch[^>]*\scount="(\d+)"/.exec(url)?.[1] ?? 0);
  store.withTime(Date.UTC(2020, 0, 1), () =>
    addRows(store, table, { count: (page - 1) * size, sorted: 'before' }),
  );
}

interface ExpectedRows {
  readonly url: string;
  readonly rows: readonly Json[];
  /** The row of a collection-valued navigation property. */
  readonly id: string | undefined;
  readonly single: string | undefined;
}

function seedRows(
  store: OrganizationStore,
  table: TableModel,
  { url, rows, id, single }: ExpectedRows,
): void {
  const filtered = filteredValues(store, table, url);
  const owner = store.model.tableBySet(setOf(url));
  const collection = owner && single ? store.model.navigation(owner, single) : undefined;
  const link: Record<string, ColumnValue> =
    id && owner && collection?.kind === 'oneToMany'
      ? { [collection.relationship.attribute]: { table: owner.logicalName, id: id.toLowerCase() } }
      : {};
  for (const row of rows) {
    const made = rowOf(store, table, row);
    if (!made) continue;
    complete(store, made, filtered);
    if (Object.keys(link).length > 0) store.update({ table: made.table, id: made.id, values: link, actor });
  }
}

/** The row with its own id, with the id of its link (`$ref`), or, in a shortened response, a new one. */
function rowOf(store: OrganizationStore, table: TableModel, row: Json): EntityReference | undefined {
  if (table.primaryId in row) return seedRow(store, table, row);
  const id = guid.exec(String(row['@odata.id'] ?? row.id ?? ''))?.[0];
  const made = id ? ensure(store, table, id) : undefined;
  if (!made || row.reason !== 'deleted') return made;
  store.delete(made.table, made.id);
  return undefined;
}

/** Gives the source row of a draft the values in the draft. */
function seedSource(
  store: OrganizationStore,
  table: TableModel,
  { url, json }: { url: string; json: Json },
): void {
  const id = guid.exec(url)?.[0];
  if (!id) return;
  const plain = Object.entries(json).filter(([name]) => !name.includes('@')) as [string, ColumnValue][];
  const currency = guid.exec(String(json['transactioncurrencyid@odata.bind'] ?? ''))?.[0];
  const currencies = store.model.table('transactioncurrency');
  const money = currency && currencies && ensure(store, currencies, currency);
  ensure(store, table, id, {
    ...Object.fromEntries(plain),
    ...(money ? { transactioncurrencyid: money } : {}),
  });
}

/** Adds filler rows, so that there are pages before and after. */
function addRows(
  store: OrganizationStore,
  table: TableModel,
  { count, sorted }: { count: number; sorted: 'before' | 'after' },
): void {
  const name = table.attributes.find((attribute) => attribute.logicalName === table.primaryName);
  const text = name?.type === 'String' && name.validForCreate ? name.logicalName : undefined;
  // Rows without an order come in the order of their ids, whose last group counts first.
  const end = sorted === 'before' ? '000000000000' : 'ffffffffffff';
  for (let index = 0; index < count; index++) {
    const id = `${String(index).padStart(8, '0')}-0000-4000-8000-${end}`;
    const values = text === undefined ? {} : { [text]: `zz sample ${sorted} ${index}` };
    store.insert(table.logicalName, { ...values, [table.primaryId]: id }, actor);
  }
}
