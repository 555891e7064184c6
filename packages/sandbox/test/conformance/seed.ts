import { parseFilter, parseQueryString } from 'dynamics365-connector/odata';
import { odataPropertyName } from '../../src/model/attribute.ts';
import type { Attribute, TableModel } from '../../src/model/types.ts';
import type { ColumnValue, EntityReference, OrganizationStore } from '../../src/store/types.ts';
import { fillPlaceholders, type Json, type Sample, useLocalOrigin } from './sample.ts';

const actor = { userId: '4026be43-6b69-e111-8f65-78e7d1620f5e' };
const guid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;
const inPath = /(\w+)\(([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\)/gi;

/** Creates the rows that a sample assumes: those in its request and those in its response. */
export function seed(store: OrganizationStore, sample: Sample): void {
  const { request, response } = sample;
  addCustomColumns(store, `${request.url} ${request.body}`);
  const text = fillPlaceholders(useLocalOrigin(`${request.url}\n${request.body ?? ''}`));
  const missing = response?.status === 404 ? createdOrMissing(request.url) : undefined;
  for (const [, set, id] of text.matchAll(inPath)) {
    const table = store.model.tableBySet(set!);
    if (table && id !== missing) ensure(store, table, id!);
  }
  for (const entity of entitiesIn(request.body)) seedParameter(store, entity);
  if (request.method === 'GET' && response?.json) {
    seedResponseRows(
      store,
      sample,
      JSON.parse(fillPlaceholders(useLocalOrigin(JSON.stringify(response.json)))),
    );
  }
  if (request.url.includes('SuppressDuplicate') || request.headers['MSCRM.SuppressDuplicateDetection']) {
    const table = store.model.tableBySet(setOf(request.url));
    if (table && request.body) store.insert(table.logicalName, JSON.parse(request.body), actor);
  }
}

/** Columns of the tables in the documentation, for example `sample_filecolumn` of an account. */
function addCustomColumns(store: OrganizationStore, text: string): void {
  for (const name of new Set(text.match(/\bsample_\w+/g))) {
    const type = name.endsWith('_name') ? 'String' : 'File';
    const shape = { required: 'None', validForCreate: true, validForUpdate: true } as const;
    store.addColumn('account', { logicalName: name, schemaName: name, displayName: name, type, ...shape });
  }
}

function createdOrMissing(url: string): string | undefined {
  return guid.exec(url)?.[0];
}

function setOf(url: string): string {
  return /\/api\/data\/v[\d.]+\/(\w+)/.exec(useLocalOrigin(url))?.[1] ?? '';
}

/** Finds the row with this id, or creates it. */
function ensure(
  store: OrganizationStore,
  table: TableModel,
  id: string,
  values: Readonly<Record<string, ColumnValue>> = {},
): EntityReference {
  const key = id.toLowerCase();
  if (table.view) return { table: 'systemuser', id: key };
  const known = store.read(table.logicalName, key);
  if (known) store.update({ table: table.logicalName, id: key, values, actor });
  else
    store.insert(
      table.logicalName,
      { ...requiredOf(store, table), [table.primaryId]: key, ...values },
      actor,
    );
  return { table: table.logicalName, id: key };
}

function requiredOf(store: OrganizationStore, table: TableModel): Readonly<Record<string, ColumnValue>> {
  if (table.logicalName !== 'incident') return {};
  const customer = ensure(store, store.model.table('account')!, '0000000a-0000-4000-8000-0000000000ff');
  return { customerid: customer };
}

/** The objects of a body that reference an existing row by type and key. */
function entitiesIn(body: string | null | undefined): readonly Json[] {
  const found: Json[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('@odata.type' in value) found.push(value as Json);
    for (const inner of Object.values(value)) walk(inner);
  };
  try {
    walk(JSON.parse(fillPlaceholders(body ?? 'null')));
  } catch {
    // In a batch, the parts name rows in their URLs.
  }
  return found;
}

function seedParameter(store: OrganizationStore, entity: Json): void {
  const table = store.model.table(String(entity['@odata.type']).replace(/^#?Microsoft\.Dynamics\.CRM\./, ''));
  const id = table && entity[table.primaryId];
  if (table && typeof id === 'string' && guid.test(id)) ensure(store, table, id);
}

function seedResponseRows(store: OrganizationStore, { request }: Sample, json: Json): void {
  const context = /#(\w+)/.exec(String(json['@odata.context']))?.[1] ?? '';
  const table = store.model.tableBySet(context);
  if (!table) return;
  if (request.url.includes('InitializeFrom(')) {
    seedSource(store, table, { url: request.url, json });
    return;
  }
  const single = /\/api\/data\/v[\d.]+\/\w+\([^)]*\)\/(\w+)/.exec(useLocalOrigin(request.url))?.[1];
  const column = single && store.model.property(table, single);
  const [, id] = /\w+\(([0-9a-f-]{36})\)/.exec(request.url) ?? [];
  if (column && id && 'value' in json) {
    ensure(store, table, id, { [column.logicalName]: json.value as ColumnValue });
    return;
  }
  const rows = Array.isArray(json.value) ? (json.value as Json[]) : [json];
  const paged = request.headers.Prefer?.includes('maxpagesize') ?? false;
  if (paged && request.url.includes('skiptoken')) addRows(store, table, { count: rows.length, from: 900 });
  const filtered = filteredValues(store, table, request.url);
  const made = rows.filter((row) => table.primaryId in row).map((row) => seedRow(store, table, row));
  for (const row of made) complete(store, row, filtered);
  const owner = store.model.tableBySet(setOf(request.url));
  const collection = owner && single ? store.model.navigation(owner, single) : undefined;
  if (id && owner && collection?.kind === 'oneToMany') {
    for (const row of made) {
      const values = { [collection.relationship.attribute]: { table: owner.logicalName, id } };
      store.update({ table: row.table, id: row.id, values, actor });
    }
  }
  if (paged) addRows(store, table, { count: rows.length * 3 + 1, from: 0 });
}

/** Gives the source row of a draft the values in the draft. */
function seedSource(
  store: OrganizationStore,
  table: TableModel,
  { url, json }: { url: string; json: Json },
): void {
  const id = guid.exec(url)![0];
  const plain = Object.entries(json).filter(([name]) => !name.includes('@')) as [string, ColumnValue][];
  const currency = guid.exec(String(json['transactioncurrencyid@odata.bind'] ?? ''))?.[0];
  const money = currency && ensure(store, store.model.table('transactioncurrency')!, currency);
  ensure(store, table, id, {
    ...Object.fromEntries(plain),
    ...(money ? { transactioncurrencyid: money } : {}),
  });
}

/** Sets the values that a row does not have yet. */
function complete(
  store: OrganizationStore,
  { table, id }: EntityReference,
  values: Readonly<Record<string, ColumnValue>>,
): void {
  const known = store.read(table, id)!.values;
  const missing = Object.entries(values).filter(([name]) => (known[name] ?? null) === null);
  if (missing.length > 0) store.update({ table, id, values: Object.fromEntries(missing), actor });
}

/** The values that a filter requires, for example `sdkmessageid/name eq 'Create' and …`. */
function filteredValues(
  store: OrganizationStore,
  table: TableModel,
  url: string,
): Readonly<Record<string, ColumnValue>> {
  const parsed = parseQueryString(new URL(useLocalOrigin(url)).search.slice(1));
  const text = parsed.ok ? parsed.value.options.get('$filter') : undefined;
  if (!parsed.ok || text === undefined) return {};
  const filter = parseFilter(text, parsed.value.aliases);
  if (!filter.ok) return {};
  const terms = filter.value.kind === 'and' ? filter.value.terms : [filter.value];
  return Object.fromEntries(
    terms.flatMap((term): readonly (readonly [string, ColumnValue])[] => {
      if (term.kind !== 'compare' || term.left.kind !== 'path' || term.right.kind !== 'string') return [];
      const [name = '', column] = term.left.segments;
      if (column === undefined) return [[name, term.right.value]];
      const navigation = store.model.navigation(table, name);
      if (navigation?.kind !== 'lookup') return [];
      const target = store.model.table(navigation.target)!;
      const values =
        target.primaryName === column ? named(target, term.right.value) : { [column]: term.right.value };
      const far = store.insert(target.logicalName, values, actor);
      return [[navigation.attribute.logicalName, { table: far.table, id: far.id }]];
    }),
  );
}

/** Adds filler rows, so that there are pages before and after. */
function addRows(
  store: OrganizationStore,
  table: TableModel,
  { count, from }: { count: number; from: number },
): void {
  const name = table.attributes.find((attribute) => attribute.logicalName === table.primaryName);
  const text = name?.type === 'String' && name.validForCreate ? name.logicalName : undefined;
  for (let index = from; index < from + count; index++) {
    const values = text === undefined ? {} : { [text]: `zz sample ${index}` };
    store.insert(table.logicalName, values, actor);
  }
}

function seedRow(store: OrganizationStore, table: TableModel, row: Json): EntityReference {
  const values: Record<string, ColumnValue> = {};
  for (const attribute of table.attributes) {
    const raw = row[odataPropertyName(attribute)];
    if (raw === undefined || raw === null || attribute.logicalName === table.primaryId) continue;
    if (table.base === 'principal' && attribute.logicalName === 'ownerid') continue;
    values[attribute.logicalName] = attribute.targets
      ? seedLookup(store, attribute, row)
      : asStored(attribute, raw);
  }
  if (typeof values.fullname === 'string') Object.assign(values, splitName(values.fullname));
  delete values.fullname;
  const made = ensure(store, table, fillPlaceholders(String(row[table.primaryId])), values);
  for (const [name, inner] of Object.entries(row)) seedRelated(store, { table, made, name, inner });
  return made;
}

function splitName(fullname: string): Readonly<Record<string, ColumnValue>> {
  const [first = '', ...rest] = fullname.split(' ');
  return { firstname: first, lastname: rest.join(' ') };
}

function asStored(attribute: Attribute, raw: unknown): ColumnValue {
  if (attribute.type === 'Money' || attribute.type === 'Decimal') return Number(raw).toFixed(4);
  return raw as ColumnValue;
}

function seedLookup(store: OrganizationStore, attribute: Attribute, row: Json): EntityReference {
  const wire = odataPropertyName(attribute);
  const annotatedTable = row[`${wire}@Microsoft.Dynamics.CRM.lookuplogicalname`];
  const expanded = attribute.targets!.find(({ navigation }) => typeof row[navigation] === 'object')?.table;
  const name = String(annotatedTable ?? expanded ?? attribute.targets![0]!.table);
  const target = store.model.table(name === 'principal' ? 'systemuser' : name)!;
  const formatted = row[`${wire}@OData.Community.Display.V1.FormattedValue`];
  const label = typeof formatted === 'string' && target.primaryName ? named(target, formatted) : {};
  return ensure(store, target, String(row[wire]), label);
}

function named(target: TableModel, text: string): Readonly<Record<string, ColumnValue>> {
  return target.primaryName === 'fullname' ? splitName(text) : { [target.primaryName!]: text };
}

function seedRelated(
  store: OrganizationStore,
  { table, made, name, inner }: { table: TableModel; made: EntityReference; name: string; inner: unknown },
): void {
  const navigation = store.model.navigation(table, name);
  const target = navigation && store.model.table(navigation.target);
  if (!navigation || !target || typeof inner !== 'object' || inner === null) return;
  if (navigation.kind === 'lookup') {
    const link = guid.exec(String((inner as Json)['@odata.id'] ?? ''))?.[0];
    const far = link ? ensure(store, target, link) : seedRow(store, target, inner as Json);
    if (navigation.attribute.logicalName !== 'createdby') {
      store.update({
        table: made.table,
        id: made.id,
        values: { [navigation.attribute.logicalName]: far },
        actor,
      });
    }
    return;
  }
  for (const row of inner as Json[]) {
    const far = seedRow(store, target, row);
    if (navigation.kind === 'manyToMany') store.associate({ navigation: name, near: made, far });
    else {
      const values = { [navigation.relationship.attribute]: made };
      store.update({ table: far.table, id: far.id, values, actor });
    }
  }
}
