import { isLookup } from '../../model/attribute.ts';
import type { Attribute, Navigation, TableModel } from '../../model/types.ts';
import type { ColumnValue, ColumnValues, EntityReference, StoredRow } from '../../store/types.ts';
import { invalidPayload, invalidQuery } from '../errors.ts';
import { entitySetName, entityTypeName } from '../odata-names.ts';
import type { WebApiContext } from '../types.ts';
import { readColumnValue } from './read-column.ts';
import { resolveReference } from './resolve-reference.ts';

/** A JSON body as a row to write, with the related rows that it makes or binds. */
export interface RowPayload {
  readonly table: TableModel;
  /** Columns by logical name; bound lookups are among them. */
  readonly values: ColumnValues;
  /** Rows to be made first: the lookups that will point at them. */
  readonly parents: readonly { readonly column: string; readonly payload: RowPayload }[];
  /** Rows to be made afterwards, through a collection. */
  readonly children: readonly { readonly navigation: CollectionNavigation; readonly payload: RowPayload }[];
  /** Existing rows to be joined to a collection. */
  readonly links: readonly { readonly navigation: CollectionNavigation; readonly row: StoredRow }[];
  /** Collections of activity parties that the body names: on update they are replaced as a whole. */
  readonly parties: readonly CollectionNavigation[];
}

type CollectionNavigation = Exclude<Navigation, { kind: 'lookup' }>;
type PayloadDraft = {
  -readonly [K in keyof RowPayload]: RowPayload[K] extends readonly (infer T)[] ? T[] : RowPayload[K];
};
type JsonObjectBody = Readonly<Record<string, unknown>>;

/** How a body is read. */
export interface ReadPayloadOptions {
  readonly creating: boolean;
  /** Levels of nesting that may still come. */
  readonly depth?: number;
}

/** Reads a body for a table; refuses unknown names, wrong types and bad references in Dataverse's words. */
export function readPayload(
  context: WebApiContext,
  table: TableModel,
  body: JsonObjectBody,
  options: ReadPayloadOptions,
): RowPayload {
  const draft: PayloadDraft = { table, values: {}, parents: [], children: [], links: [], parties: [] };
  const reader = {
    exchange: context,
    draft,
    mode: { creating: options.creating, depth: options.depth ?? 10 },
  };
  if (reader.mode.depth === 0)
    throw invalidPayload(entitySetName(table), 'The payload is nested too deeply.');
  for (const [name, raw] of Object.entries(body)) readMember(reader, name, raw);
  return draft;
}

interface PayloadReader {
  readonly exchange: WebApiContext;
  readonly draft: PayloadDraft;
  readonly mode: Required<ReadPayloadOptions>;
}

function readMember(reader: PayloadReader, name: string, raw: unknown): void {
  const { table } = reader.draft;
  const at = name.indexOf('@');
  if (at >= 0) {
    if (name.slice(at) === '@odata.bind') readBind(reader, name.slice(0, at), raw);
    return;
  }
  const { model } = reader.exchange.org.store;
  const navigation = findNavigation(reader, name);
  if (navigation) {
    readNavigation(reader, navigation, raw);
    return;
  }
  const attribute = model.property(table, name);
  if (!attribute) throw unknownPropertyError(table, name);
  if (isLookup(attribute)) throw directLookupError();
  const isKey = name === table.primaryId || (table.base === 'principal' && name === 'ownerid');
  if (isKey ? !reader.mode.creating : !isWritable(reader, attribute)) return;
  setValue(reader, attribute.logicalName, readColumnValue(table, attribute, raw));
}

/** By its name; activities also take `ownerid` for `ownerid_email`. */
function findNavigation({ exchange: context, draft }: PayloadReader, name: string): Navigation | undefined {
  const { model } = context.org.store;
  const found = model.navigation(draft.table, name);
  if (found || draft.table.base !== 'activitypointer') return found;
  return model.navigation(draft.table, `${name}_${draft.table.logicalName}`);
}

function readBind(reader: PayloadReader, name: string, raw: unknown): void {
  const { table } = reader.draft;
  const navigation = findNavigation(reader, name);
  if (!navigation) throw undeclaredPropertyError(table, name);
  if (navigation.kind === 'lookup') {
    const row = raw === null ? null : readBound(reader, navigation, raw);
    setLookup(reader, navigation.attribute, row && referenceTo(row));
    return;
  }
  if (!Array.isArray(raw))
    throw invalidPayload(entitySetName(table), `The value of '${name}@odata.bind' must be an array.`);
  for (const item of raw) reader.draft.links.push({ navigation, row: readBound(reader, navigation, item) });
}

function readBound(
  { exchange: context, draft }: PayloadReader,
  navigation: Navigation,
  raw: unknown,
): StoredRow {
  if (typeof raw !== 'string') {
    throw invalidPayload(
      entitySetName(draft.table),
      `The value of '${navigation.name}@odata.bind' must be a string.`,
    );
  }
  const row = resolveReference(context, raw);
  const target = context.org.store.model.table(navigation.target);
  const fits =
    row.table === navigation.target || context.org.store.model.table(row.table)?.base === target?.logicalName;
  if (!fits) {
    const message = `The entity '${row.table}' cannot be bound to the navigation property '${navigation.name}', which leads to '${navigation.target}'.`;
    throw invalidPayload(entitySetName(draft.table), message);
  }
  return row;
}

function readNavigation(reader: PayloadReader, navigation: Navigation, raw: unknown): void {
  const { exchange: context, draft, mode } = reader;
  const target = context.org.store.model.table(navigation.target)!;
  const inner = { creating: true, depth: mode.depth - 1 };
  if (navigation.kind === 'lookup') {
    const column = navigation.attribute.logicalName;
    if (raw === null) setLookup(reader, navigation.attribute, null);
    else if (!isJsonObject(raw)) throw invalidNavigationValueError(draft.table, navigation.name);
    else if (!mode.creating) throw deepUpdateError(navigation.name);
    else draft.parents.push({ column, payload: readPayload(context, target, raw, inner) });
    return;
  }
  if (!Array.isArray(raw)) throw invalidNavigationValueError(draft.table, navigation.name);
  const parties = target.logicalName === 'activityparty';
  if (!mode.creating && !parties) throw deepUpdateError(navigation.name);
  if (parties) draft.parties.push(navigation);
  for (const item of raw) {
    if (!isJsonObject(item)) throw invalidNavigationValueError(draft.table, navigation.name);
    draft.children.push({ navigation, payload: readPayload(context, target, item, inner) });
  }
}

/** Lookups that only the system writes (`createdby`) are passed over, as its other columns are. */
function setLookup(reader: PayloadReader, attribute: Attribute, value: EntityReference | null): void {
  if (isWritable(reader, attribute)) setValue(reader, attribute.logicalName, value);
}

function isWritable({ mode }: PayloadReader, { validForCreate, validForUpdate }: Attribute): boolean {
  return mode.creating ? validForCreate : validForUpdate;
}

function setValue({ draft }: PayloadReader, column: string, value: ColumnValue): void {
  draft.values = { ...draft.values, [column]: value };
}

/** A reference to a row. */
export function referenceTo(row: Pick<StoredRow, 'table' | 'id'>): EntityReference {
  return { table: row.table, id: row.id };
}

/** Whether a JSON value is an object (not a list, not null). */
export function isJsonObject(value: unknown): value is JsonObjectBody {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknownPropertyError(table: TableModel, name: string) {
  const found = `Invalid property '${name}' was found in entity '${entityTypeName(table)}'.`;
  return invalidPayload(
    entitySetName(table),
    `${found} ---> Microsoft.OData.ODataException: Does not support untyped value in non-open type.`,
  );
}

function undeclaredPropertyError(table: TableModel, name: string) {
  const what = `An undeclared property '${name}' which only has property annotations in the payload but no property value was found in the payload.`;
  const rule =
    'In OData, only declared navigation properties and declared named streams can be represented as properties without values.';
  return invalidPayload(entitySetName(table), `${what} ${rule}`);
}

function invalidNavigationValueError(table: TableModel, name: string) {
  return invalidPayload(
    entitySetName(table),
    `The value of the navigation property '${name}' is not of the expected shape.`,
  );
}

function directLookupError() {
  return invalidQuery(
    'CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.',
  );
}

function deepUpdateError(name: string) {
  return invalidQuery(
    `Deep update of navigation properties is not allowed. Invalid navigation property: '${name}'.`,
  );
}
