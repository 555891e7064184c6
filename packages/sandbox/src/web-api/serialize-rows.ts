import { formatEtag } from 'dynamics365-connector/odata';
import { isLookup, odataPropertyName } from '../model/attribute.ts';
import type { Attribute } from '../model/types.ts';
import type { ColumnValue, EntityReference, OrganizationStore, StoredRow } from '../store/types.ts';
import { type DisplayNames, formatValue } from './format-value.ts';
import { entitySetName, toJsonValue } from './odata-names.ts';
import { formatSkipToken, pageEdgesOf } from './paging.ts';
import type { Preferences } from './preferences.ts';
import type { ExpandShape, RowShape } from './row-shape.ts';

/** What rows need around them to be written. */
export interface SerializeContext {
  readonly store: OrganizationStore;
  /** `http://…/api/data/v9.2` */
  readonly base: string;
  readonly prefer: Preferences;
  /** Rows of a list: expanded rows have no etag there, expanded collections a link to read on. */
  readonly isList: boolean;
  /** Rows of a page of an expanded collection, where those come in pages; such rows have no etag. */
  readonly collectionPage?: number;
}

/** The annotation with a value's text for people. */
export const formattedValueAnnotation = 'OData.Community.Display.V1.FormattedValue';
const lookupTableAnnotation = 'Microsoft.Dynamics.CRM.lookuplogicalname';
const lookupNavigationAnnotation = 'Microsoft.Dynamics.CRM.associatednavigationproperty';

type JsonRow = Record<string, unknown>;

/** Rows as JSON objects, with the annotations that were asked for. */
export function serializeRows(
  rows: readonly StoredRow[],
  shape: RowShape,
  context: SerializeContext,
): readonly JsonRow[] {
  const names = loadDisplayNames(rows, shape, context);
  return rows.map((row) => serializeRow(row, shape, { ...context, names }));
}

interface RowSerializer extends SerializeContext {
  readonly names: (row: StoredRow) => DisplayNames;
}

function serializeRow(row: StoredRow, shape: RowShape, writer: RowSerializer): JsonRow {
  return { '@odata.etag': formatEtag(row.version), ...serializeMembers(row, shape, writer) };
}

function serializeMembers(row: StoredRow, shape: RowShape, writer: RowSerializer): JsonRow {
  const { table } = shape;
  const json: JsonRow = {};
  if (table.logicalName === 'principal') json['@odata.type'] = `#Microsoft.Dynamics.CRM.${row.table}`;
  const names = writer.names(row);
  for (const attribute of shape.columns)
    serializeColumn(json, attribute, { row, names, prefer: writer.prefer });
  // A distinct fetch reads no ids.
  if (row.id !== '') json[table.primaryId] ??= row.id;
  if (table.base === 'principal') json.ownerid = row.id;
  for (const expand of shape.expands) Object.assign(json, serializeExpanded(row, expand, { shape, writer }));
  return json;
}

/** Puts a column's value into the JSON, before it what the caller wants to know about it. */
function serializeColumn(
  json: JsonRow,
  attribute: Attribute,
  {
    row,
    names,
    prefer,
  }: { readonly row: StoredRow; readonly names: DisplayNames; readonly prefer: Preferences },
): void {
  const name = odataPropertyName(attribute);
  const stored = attribute.logicalName === 'versionnumber' ? row.version : row.values[attribute.logicalName];
  const value = stored ?? null;
  if (value !== null && prefer.hasAnnotations) {
    for (const [annotation, text] of annotationsOf(attribute, value, names)) {
      if (text !== undefined && prefer.includesAnnotation(annotation)) json[`${name}@${annotation}`] = text;
    }
  }
  json[name] = toJsonValue(attribute, value);
}

type Annotation = readonly [name: string, text: string | undefined];

function annotationsOf(
  attribute: Attribute,
  value: NonNullable<ColumnValue>,
  names: DisplayNames,
): readonly Annotation[] {
  const text: Annotation = [formattedValueAnnotation, formatValue(attribute, value, names)];
  if (!isLookup(attribute)) return [text];
  const { table } = value as EntityReference;
  return [text, [lookupNavigationAnnotation, navigationTo(attribute, table)], [lookupTableAnnotation, table]];
}

/** The navigation property of a lookup that leads to one of its tables. */
function navigationTo(attribute: Attribute, table: string): string | undefined {
  const exact = attribute.targets?.find((target) => target.table === table);
  return (exact ?? attribute.targets?.find((target) => target.table === 'principal'))?.navigation;
}

function serializeExpanded(
  row: StoredRow,
  expand: ExpandShape,
  by: { shape: RowShape; writer: RowSerializer },
): JsonRow {
  const { navigation, shape } = expand;
  const { writer } = by;
  const related = row.expanded?.[navigation.name] ?? (navigation.kind === 'lookup' ? null : []);
  if (related === null) return { [navigation.name]: null };
  if (!Array.isArray(related)) {
    const one = related as StoredRow;
    if (expand.ref) return { [navigation.name]: { '@odata.id': rowUrl(writer.base, shape, one.id) } };
    const members = writer.isList ? serializeMembers(one, shape, writer) : serializeRow(one, shape, writer);
    return { [navigation.name]: members };
  }
  if (writer.collectionPage !== undefined) return serializeCollectionPage(row, expand, { ...by, related });
  const rows = (related as readonly StoredRow[]).map((one) =>
    serializeRow(one, withParent(expand, writer), writer),
  );
  if (!writer.isList) return { [navigation.name]: rows };
  const parent = rowUrl(writer.base, by.shape, row.id);
  const query = expand.options ? `?${expand.options}` : '';
  return {
    [navigation.name]: rows,
    [`${navigation.name}@odata.nextLink`]: `${parent}/${navigation.name}${query}`,
  };
}

/** The first page of an expanded collection, and the link to its second. */
function serializeCollectionPage(
  row: StoredRow,
  { navigation, shape, options }: ExpandShape,
  {
    shape: owner,
    writer,
    related,
  }: { shape: RowShape; writer: RowSerializer; related: readonly StoredRow[] },
): JsonRow {
  const page = related.slice(0, writer.collectionPage);
  const skip = formatSkipToken({ page: 2, tracking: false }, pageEdgesOf(shape.table, page));
  const query = [...(options ? [options] : []), `$skiptoken=${skip}`].join('&');
  return {
    [navigation.name]: page.map((one) => serializeMembers(one, shape, writer)),
    [`${navigation.name}@odata.nextLink`]: `${rowUrl(writer.base, owner, row.id)}/${navigation.name}?${query}`,
  };
}

/** In lists, rows of an expanded 1:N collection carry the lookup that leads back. */
function withParent(expand: ExpandShape, writer: RowSerializer): RowShape {
  const { navigation, shape } = expand;
  if (!writer.isList || navigation.kind !== 'children') return shape;
  const back = navigation.relationship.attribute;
  const attribute = shape.table.attributes.find((one) => one.logicalName === back);
  return attribute ? { ...shape, columns: [...new Set([...shape.columns, attribute])] } : shape;
}

/** Where a row of a shape is found. */
export function rowUrl(base: string, shape: RowShape, id: string): string {
  return `${base}/${entitySetName(shape.table)}(${id})`;
}

/** Names of everything that the rows point at, asked for once. */
function loadDisplayNames(
  rows: readonly StoredRow[],
  shape: RowShape,
  context: SerializeContext,
): RowSerializer['names'] {
  const { store, prefer } = context;
  const byId = new Map<string, string>();
  if (prefer.includesAnnotation(formattedValueAnnotation)) {
    const ids = new Map<string, Set<string>>();
    for (const row of rows) collectReferences(row, shape, ids);
    for (const [table, idsOfTable] of ids) {
      for (const [id, name] of store.readNames(table, idsOfTable)) byId.set(id, name);
    }
  }
  const symbols = new Map<string, string>();
  return (row) => ({
    row: (id) => byId.get(id),
    table: (logicalName) => store.model.table(logicalName)?.displayName,
    currency: currencySymbolOf(row, store, symbols),
  });
}

function collectReferences(row: StoredRow, shape: RowShape, into: Map<string, Set<string>>): void {
  for (const value of Object.values(row.values)) {
    if (typeof value !== 'object' || value === null) continue;
    const ids = into.get(value.table) ?? new Set();
    into.set(value.table, ids.add(value.id));
  }
  for (const expand of shape.expands) {
    const related = row.expanded?.[expand.navigation.name] ?? [];
    for (const one of Array.isArray(related) ? related : [related]) {
      collectReferences(one as StoredRow, expand.shape, into);
    }
  }
}

function currencySymbolOf(
  row: StoredRow,
  store: OrganizationStore,
  symbolsById: Map<string, string>,
): string {
  const currency = row.values.transactioncurrencyid;
  if (typeof currency !== 'object' || currency === null) return '$';
  const symbol =
    symbolsById.get(currency.id) ??
    String(store.read('transactioncurrency', currency.id)?.values.currencysymbol ?? '$');
  symbolsById.set(currency.id, symbol);
  return symbol;
}
