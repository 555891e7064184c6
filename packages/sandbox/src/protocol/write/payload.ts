import { isLookup } from '../../model/attribute.ts';
import type { Attribute, Navigation, TableModel } from '../../model/types.ts';
import type { Reference, Row, Value, Values } from '../../store/types.ts';
import { badPayload, badQuery } from '../refusal.ts';
import type { Exchange } from '../types.ts';
import { setOf, typeName } from '../wire.ts';
import { readColumn } from './column.ts';
import { readReference } from './reference.ts';

/** A JSON body as a row to write, with the related rows that it makes or binds. */
export interface Payload {
  readonly table: TableModel;
  /** Columns by logical name; bound lookups are among them. */
  readonly values: Values;
  /** Rows to be made first: the lookups that will point at them. */
  readonly parents: readonly { readonly column: string; readonly payload: Payload }[];
  /** Rows to be made afterwards, through a collection. */
  readonly children: readonly { readonly navigation: Collection; readonly payload: Payload }[];
  /** Existing rows to be joined to a collection. */
  readonly links: readonly { readonly navigation: Collection; readonly row: Row }[];
  /** Collections of activity parties that the body names: on update they are replaced as a whole. */
  readonly parties: readonly Collection[];
}

type Collection = Exclude<Navigation, { kind: 'lookup' }>;
type Draft = { -readonly [K in keyof Payload]: Payload[K] extends readonly (infer T)[] ? T[] : Payload[K] };
type Json = Readonly<Record<string, unknown>>;

/** How a body is read. */
export interface PayloadMode {
  readonly creating: boolean;
  /** Levels of nesting that may still come. */
  readonly depth?: number;
}

/** Reads a body for a table; refuses unknown names, wrong types and bad references in Dataverse's words. */
export function readPayload(exchange: Exchange, table: TableModel, body: Json, mode: PayloadMode): Payload {
  const draft: Draft = { table, values: {}, parents: [], children: [], links: [], parties: [] };
  const reader = { exchange, draft, mode: { creating: mode.creating, depth: mode.depth ?? 10 } };
  if (reader.mode.depth === 0) throw badPayload(setOf(table), 'The payload is nested too deeply.');
  for (const [name, raw] of Object.entries(body)) readMember(reader, name, raw);
  return draft;
}

interface Reader {
  readonly exchange: Exchange;
  readonly draft: Draft;
  readonly mode: Required<PayloadMode>;
}

function readMember(reader: Reader, name: string, raw: unknown): void {
  const { table } = reader.draft;
  const at = name.indexOf('@');
  if (at >= 0) {
    if (name.slice(at) === '@odata.bind') readBind(reader, name.slice(0, at), raw);
    return;
  }
  const { model } = reader.exchange.org.store;
  const navigation = navigationOf(reader, name);
  if (navigation) {
    readNavigation(reader, navigation, raw);
    return;
  }
  const attribute = model.property(table, name);
  if (!attribute) throw unknownProperty(table, name);
  if (isLookup(attribute)) throw directLookup();
  const isKey = name === table.primaryId || (table.base === 'principal' && name === 'ownerid');
  if (isKey ? !reader.mode.creating : !isWritable(reader, attribute)) return;
  put(reader, attribute.logicalName, readColumn(table, attribute, raw));
}

/** By its name; activities also take `ownerid` for `ownerid_email`. */
function navigationOf({ exchange, draft }: Reader, name: string): Navigation | undefined {
  const { model } = exchange.org.store;
  const found = model.navigation(draft.table, name);
  if (found || draft.table.base !== 'activitypointer') return found;
  return model.navigation(draft.table, `${name}_${draft.table.logicalName}`);
}

function readBind(reader: Reader, name: string, raw: unknown): void {
  const { table } = reader.draft;
  const navigation = navigationOf(reader, name);
  if (!navigation) throw undeclared(table, name);
  if (navigation.kind === 'lookup') {
    const row = raw === null ? null : readBound(reader, navigation, raw);
    putLookup(reader, navigation.attribute, row && referenceTo(row));
    return;
  }
  if (!Array.isArray(raw))
    throw badPayload(setOf(table), `The value of '${name}@odata.bind' must be an array.`);
  for (const item of raw) reader.draft.links.push({ navigation, row: readBound(reader, navigation, item) });
}

function readBound({ exchange, draft }: Reader, navigation: Navigation, raw: unknown): Row {
  if (typeof raw !== 'string') {
    throw badPayload(setOf(draft.table), `The value of '${navigation.name}@odata.bind' must be a string.`);
  }
  const row = readReference(exchange, raw);
  const target = exchange.org.store.model.table(navigation.target);
  const fits =
    row.table === navigation.target ||
    exchange.org.store.model.table(row.table)?.base === target?.logicalName;
  if (!fits) {
    const message = `The entity '${row.table}' cannot be bound to the navigation property '${navigation.name}', which leads to '${navigation.target}'.`;
    throw badPayload(setOf(draft.table), message);
  }
  return row;
}

function readNavigation(reader: Reader, navigation: Navigation, raw: unknown): void {
  const { exchange, draft, mode } = reader;
  const target = exchange.org.store.model.table(navigation.target)!;
  const inner = { creating: true, depth: mode.depth - 1 };
  if (navigation.kind === 'lookup') {
    const column = navigation.attribute.logicalName;
    if (raw === null) putLookup(reader, navigation.attribute, null);
    else if (!isObject(raw)) throw notARow(draft.table, navigation.name);
    else if (!mode.creating) throw deepUpdate(navigation.name);
    else draft.parents.push({ column, payload: readPayload(exchange, target, raw, inner) });
    return;
  }
  if (!Array.isArray(raw)) throw notARow(draft.table, navigation.name);
  const parties = target.logicalName === 'activityparty';
  if (!mode.creating && !parties) throw deepUpdate(navigation.name);
  if (parties) draft.parties.push(navigation);
  for (const item of raw) {
    if (!isObject(item)) throw notARow(draft.table, navigation.name);
    draft.children.push({ navigation, payload: readPayload(exchange, target, item, inner) });
  }
}

/** Lookups that only the system writes (`createdby`) are passed over, as its other columns are. */
function putLookup(reader: Reader, attribute: Attribute, value: Reference | null): void {
  if (isWritable(reader, attribute)) put(reader, attribute.logicalName, value);
}

function isWritable({ mode }: Reader, { validForCreate, validForUpdate }: Attribute): boolean {
  return mode.creating ? validForCreate : validForUpdate;
}

function put({ draft }: Reader, column: string, value: Value): void {
  draft.values = { ...draft.values, [column]: value };
}

/** A reference to a row. */
export function referenceTo(row: Pick<Row, 'table' | 'id'>): Reference {
  return { table: row.table, id: row.id };
}

/** Whether a JSON value is an object (not a list, not null). */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknownProperty(table: TableModel, name: string) {
  const found = `Invalid property '${name}' was found in entity '${typeName(table)}'.`;
  return badPayload(
    setOf(table),
    `${found} ---> Microsoft.OData.ODataException: Does not support untyped value in non-open type.`,
  );
}

function undeclared(table: TableModel, name: string) {
  const what = `An undeclared property '${name}' which only has property annotations in the payload but no property value was found in the payload.`;
  const rule =
    'In OData, only declared navigation properties and declared named streams can be represented as properties without values.';
  return badPayload(setOf(table), `${what} ${rule}`);
}

function notARow(table: TableModel, name: string) {
  return badPayload(
    setOf(table),
    `The value of the navigation property '${name}' is not of the expected shape.`,
  );
}

function directLookup() {
  return badQuery(
    'CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.',
  );
}

function deepUpdate(name: string) {
  return badQuery(
    `Deep update of navigation properties is not allowed. Invalid navigation property: '${name}'.`,
  );
}
