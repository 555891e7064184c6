import { isJsonObject } from 'dynamics365-connector/base';
import { isLookup } from '../../model/attribute.ts';
import type { Attribute, Navigation, TableModel } from '../../model/types.ts';
import { referenceTo } from '../../store/entity-reference.ts';
import { requireTable } from '../../store/require-table.ts';
import type { ColumnValue, ColumnValues, EntityReference, StoredRow } from '../../store/types.ts';
import { invalidPayload, invalidQuery } from '../errors.ts';
import { getHeader } from '../headers.ts';
import type { JsonBody } from '../json-body.ts';
import { entitySetName, entityTypeName } from '../odata-names.ts';
import type { WebApiContext } from '../types.ts';
import { type NumberFormat, readColumnValue } from './read-column.ts';
import { resolveReference } from './resolve-reference.ts';

/** A JSON body as a row to write, with its related rows. */
export interface RowPayload {
  readonly table: TableModel;
  /** Column values by logical name, including bound lookups. */
  readonly values: ColumnValues;
  /** Rows to create first, and the lookups that will reference them. */
  readonly parents: readonly { readonly column: string; readonly payload: RowPayload }[];
  /** Rows to create afterwards, in collections. */
  readonly children: readonly { readonly navigation: CollectionNavigation; readonly payload: RowPayload }[];
  /** Existing rows to add to collections. */
  readonly links: readonly { readonly navigation: CollectionNavigation; readonly row: StoredRow }[];
  /** Collections of activity parties in the body. An update replaces them completely. */
  readonly parties: readonly CollectionNavigation[];
}

type CollectionNavigation = Exclude<Navigation, { kind: 'lookup' }>;
type PayloadDraft = {
  -readonly [K in keyof RowPayload]: RowPayload[K] extends readonly (infer T)[] ? T[] : RowPayload[K];
};
/** How a body is read. */
export interface ReadPayloadOptions {
  /** Whether the body is for a new row. */
  readonly creating: boolean;
  /** Maximum depth of nested rows. Default: 10. */
  readonly depth?: number;
}

/** Reads a body for a table. Throws DataverseError for unknown names, wrong types and invalid references. */
export function readPayload(
  context: WebApiContext,
  table: TableModel,
  body: JsonBody,
  options: ReadPayloadOptions,
): RowPayload {
  const draft: PayloadDraft = { table, values: {}, parents: [], children: [], links: [], parties: [] };
  const { creating, depth = 10 } = options;
  const reader = { context, draft, creating, depth, numbers: readNumberFormat(context) };
  if (depth === 0) throw invalidPayload(entitySetName(table), 'The payload is nested too deeply.');
  for (const [name, raw] of Object.entries(body)) readMember(reader, name, raw);
  return draft;
}

interface PayloadReader {
  readonly context: WebApiContext;
  readonly draft: PayloadDraft;
  readonly creating: boolean;
  readonly depth: number;
  readonly numbers: NumberFormat;
}

function readMember(reader: PayloadReader, name: string, raw: unknown): void {
  const { table } = reader.draft;
  const at = name.indexOf('@');
  if (at >= 0) {
    if (name.slice(at) === '@odata.bind') readBind(reader, name.slice(0, at), raw);
    if (name === '@odata.type') checkType(reader, raw);
    return;
  }
  const { model } = reader.context.org.store;
  const navigation = findNavigation(reader, name);
  if (navigation) {
    readNavigation(reader, navigation, raw);
    return;
  }
  const attribute = model.property(table, name);
  if (!attribute) throw unknownPropertyError(table, name);
  if (isLookup(attribute)) throw directLookupError();
  const isKey = name === table.primaryId || (table.base === 'principal' && name === 'ownerid');
  if (isKey ? !reader.creating : !isWritable(reader, attribute)) return;
  setValue(reader, attribute.logicalName, readColumnValue(table, attribute, raw, reader.numbers));
}

/** A row may name its own type, or the type of a table that is derived from the expected one. */
function checkType({ context, draft: { table } }: PayloadReader, raw: unknown): void {
  const name = /^#?(?:Microsoft\.Dynamics\.CRM|mscrm)\.(\w+)$/.exec(String(raw))?.[1];
  const type = name === undefined ? undefined : context.org.store.model.table(name);
  if (type === table || (type && type.base === table.logicalName)) return;
  const expected = entityTypeName(table);
  throw invalidPayload(
    entitySetName(table),
    type
      ? `A resource with type '${entityTypeName(type)}' was found, but it is not assignable to the expected type '${expected}'. The type specified in the resource must be equal to either the expected type or a derived type.`
      : `A type named '${String(raw).slice(0, 200)}' could not be resolved by the model. When a model is available, each type name must resolve to a valid type.`,
  );
}

/** With `IEEE754Compatible=true` in the content type, long numbers are texts. */
function readNumberFormat({ request }: WebApiContext): NumberFormat {
  const contentType = getHeader(request.headers, 'Content-Type') ?? '';
  return { ieee754Compatible: /;\s*IEEE754Compatible\s*=\s*true\b/i.test(contentType) };
}

/** A navigation property by name. Activities also accept `ownerid` for `ownerid_email`. */
function findNavigation({ context, draft }: PayloadReader, name: string): Navigation | undefined {
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

function readBound({ context, draft }: PayloadReader, navigation: Navigation, raw: unknown): StoredRow {
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
  const { context, draft, creating } = reader;
  const target = requireTable(context.org.store.model, navigation.target);
  const inner = { creating: true, depth: reader.depth - 1 };
  if (navigation.kind === 'lookup') {
    const column = navigation.attribute.logicalName;
    if (raw === null) setLookup(reader, navigation.attribute, null);
    else if (!isJsonObject(raw)) throw invalidNavigationValueError(draft.table, navigation.name);
    else if (!creating) throw deepUpdateError(navigation.name);
    else draft.parents.push({ column, payload: readPayload(context, target, raw, inner) });
    return;
  }
  if (!Array.isArray(raw)) throw invalidNavigationValueError(draft.table, navigation.name);
  const isParties = target.logicalName === 'activityparty';
  if (!creating && !isParties) throw deepUpdateError(navigation.name);
  if (isParties) draft.parties.push(navigation);
  for (const item of raw) {
    if (!isJsonObject(item)) throw invalidNavigationValueError(draft.table, navigation.name);
    draft.children.push({ navigation, payload: readPayload(context, target, item, inner) });
  }
}

/** Lookups that only the system writes (`createdby`) are ignored, like other read-only columns. */
function setLookup(reader: PayloadReader, attribute: Attribute, value: EntityReference | null): void {
  if (isWritable(reader, attribute)) setValue(reader, attribute.logicalName, value);
}

function isWritable({ creating }: PayloadReader, { validForCreate, validForUpdate }: Attribute): boolean {
  return creating ? validForCreate : validForUpdate;
}

function setValue({ draft }: PayloadReader, column: string, value: ColumnValue): void {
  draft.values = { ...draft.values, [column]: value };
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
    `The value of the navigation property '${name}' has an unexpected type.`,
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
