import { isLookup, odataPropertyName } from '../../../src/model/attribute.ts';
import type { Attribute, TableModel } from '../../../src/model/types.ts';
import type { Actor, ColumnValue, EntityReference, OrganizationStore } from '../../../src/store/types.ts';
import type { Json } from '../exchange.ts';

export const actor = { userId: '4026be43-6b69-e111-8f65-78e7d1620f5e' };
export const guid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** Columns that the store computes from others. */
const computed = /_base$|^(?:exchangerate|versionnumber|yomi\w+)$|composite$/;

/** Finds the row with this id, or creates it. */
export function ensure(
  store: OrganizationStore,
  table: TableModel,
  id: string,
  values: Readonly<Record<string, ColumnValue>> = {},
  writer: Actor = actor,
): EntityReference {
  const key = id.toLowerCase();
  if (table.view) return { table: 'systemuser', id: key };
  const reference = { table: table.logicalName, id: key };
  const known = store.read(table.logicalName, key);
  if (known) setValues(store, reference, values, writer);
  else {
    store.insert(
      table.logicalName,
      { ...requiredOf(store, table), [table.primaryId]: key, ...values },
      writer,
    );
  }
  return reference;
}

/** Updates a row; without values, it keeps its version. */
export function setValues(
  store: OrganizationStore,
  { table, id }: EntityReference,
  values: Readonly<Record<string, ColumnValue>>,
  writer: Actor = actor,
): void {
  if (Object.keys(values).length > 0) store.update({ table, id, values, actor: writer });
}

export const usDollar = {
  currencyname: 'US Dollar',
  isocurrencycode: 'USD',
  currencysymbol: '$',
  currencyprecision: 2,
  exchangerate: '1',
} as const;

function requiredOf(store: OrganizationStore, table: TableModel): Readonly<Record<string, ColumnValue>> {
  if (table.logicalName === 'transactioncurrency') return usDollar;
  if (table.logicalName === 'systemuser') return businessUnitOf(store);
  if (table.logicalName !== 'incident') return {};
  const accounts = store.model.table('account');
  return accounts ? { customerid: ensure(store, accounts, '0000000a-0000-4000-8000-0000000000ff') } : {};
}

function businessUnitOf(store: OrganizationStore): Readonly<Record<string, ColumnValue>> {
  const [unit] = store.query('businessunit', { select: [], pageSize: 1, actor }).rows;
  return unit ? { businessunitid: { table: unit.table, id: unit.id } } : {};
}

/** Creates a row with the values that a response shows, and the rows that it refers to. */
export function seedRow(store: OrganizationStore, table: TableModel, row: Json): EntityReference {
  const values: Record<string, ColumnValue> = {};
  for (const attribute of table.attributes) {
    const raw = row[odataPropertyName(attribute)];
    if (raw === undefined || attribute.logicalName === table.primaryId) continue;
    if (computed.test(attribute.logicalName)) continue;
    if (raw === null) {
      // Without a default, the value is null anyway. With one, the recorded row has lost its value or never got one.
      if (attribute.default !== undefined) values[attribute.logicalName] = null;
      continue;
    }
    if (table.base === 'principal' && attribute.logicalName === 'ownerid') continue;
    values[attribute.logicalName] = isLookup(attribute)
      ? seedLookup(store, attribute, row)
      : asStored(attribute, raw);
  }
  if (typeof values.fullname === 'string' && !('firstname' in row) && !('lastname' in row)) {
    Object.assign(values, splitName(values.fullname));
  }
  delete values.fullname;
  const made = ensure(store, table, String(row[table.primaryId]), values, writerOf(row));
  for (const [name, inner] of Object.entries(row)) seedRelated(store, { table, made, name, inner });
  return made;
}

/** The user who wrote a row on behalf of another one; those columns cannot be set. */
function writerOf(row: Json): Actor {
  const delegate = row._createdonbehalfby_value ?? row._modifiedonbehalfby_value;
  return typeof delegate === 'string' ? { ...actor, delegateId: delegate } : actor;
}

function splitName(fullname: string): Readonly<Record<string, ColumnValue>> {
  const [first = '', ...rest] = fullname.split(' ');
  return { firstname: first, lastname: rest.join(' ') };
}

function asStored(attribute: Attribute, raw: unknown): ColumnValue {
  if (attribute.type === 'Money' || attribute.type === 'Decimal') return Number(raw).toFixed(4);
  if (attribute.type === 'ManagedProperty') return (raw as { readonly Value: boolean }).Value;
  return raw as ColumnValue;
}

/** Creates the referenced row. */
function seedLookup(store: OrganizationStore, attribute: Attribute, row: Json): EntityReference {
  const wire = odataPropertyName(attribute);
  const name = targetOf(attribute, row, wire);
  const id = String(row[wire]).toLowerCase();
  const target = store.model.table(['principal', 'owner'].includes(name) ? 'systemuser' : name);
  // Rows of tables outside the model are assumed to exist.
  if (!target) return { table: name, id };
  const formatted = row[`${wire}@OData.Community.Display.V1.FormattedValue`];
  return ensure(store, target, id, typeof formatted === 'string' ? named(target, formatted) : {});
}

/** The table of a lookup's value: by its annotation, the expanded row, the type column, or else the first target. */
function targetOf({ targets = [], logicalName }: Attribute, row: Json, wire: string): string {
  const annotated = row[`${wire}@Microsoft.Dynamics.CRM.lookuplogicalname`];
  if (typeof annotated === 'string') return annotated;
  const chosen =
    targets.find(({ navigation }) => typeof row[navigation] === 'object' && row[navigation] !== null) ??
    targets.find(({ table }) => wire === '_objectid_value' && table === row.objecttypecode) ??
    targets[0];
  return chosen?.table ?? logicalName;
}

/** Values that give a row this name. */
export function named(target: TableModel, text: string): Readonly<Record<string, ColumnValue>> {
  if (target.primaryName === 'fullname') return splitName(text);
  return target.primaryName ? { [target.primaryName]: text } : {};
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
    setValues(store, made, { [navigation.attribute.logicalName]: far });
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
