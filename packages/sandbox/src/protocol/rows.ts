import { etagOfVersion } from 'dynamics365-connector/odata';
import { isLookup, wireName } from '../model/attribute.ts';
import type { Attribute } from '../model/types.ts';
import type { Reference, Row, Store, Value } from '../store/types.ts';
import { formatValue, type Names } from './format.ts';
import { edges, writeSkipToken } from './paging.ts';
import type { Preferences } from './preferences.ts';
import type { ExpandShape, Shape } from './shape.ts';
import { setOf, wireValue } from './wire.ts';

/** What rows need around them to be written. */
export interface RowContext {
  readonly store: Store;
  /** `http://…/api/data/v9.2` */
  readonly base: string;
  readonly prefer: Preferences;
  /** Rows of a list: expanded rows have no etag there, expanded collections a link to read on. */
  readonly list: boolean;
  /** Rows of a page of an expanded collection, where those come in pages; such rows have no etag. */
  readonly collectionPage?: number;
}

/** The annotation with a value's text for people. */
export const formattedValue = 'OData.Community.Display.V1.FormattedValue';
const lookupTable = 'Microsoft.Dynamics.CRM.lookuplogicalname';
const lookupNavigation = 'Microsoft.Dynamics.CRM.associatednavigationproperty';

type Json = Record<string, unknown>;

/** Rows as JSON objects, with the annotations that were asked for. */
export function writeRows(rows: readonly Row[], shape: Shape, context: RowContext): readonly Json[] {
  const names = namesFor(rows, shape, context);
  return rows.map((row) => writeRow(row, shape, { ...context, names }));
}

interface Writer extends RowContext {
  readonly names: (row: Row) => Names;
}

function writeRow(row: Row, shape: Shape, writer: Writer): Json {
  return { '@odata.etag': etagOfVersion(row.version), ...writeMembers(row, shape, writer) };
}

function writeMembers(row: Row, shape: Shape, writer: Writer): Json {
  const { table } = shape;
  const json: Json = {};
  if (table.logicalName === 'principal') json['@odata.type'] = `#Microsoft.Dynamics.CRM.${row.table}`;
  const names = writer.names(row);
  for (const attribute of shape.columns) writeColumn(json, attribute, { row, names, prefer: writer.prefer });
  // A distinct fetch reads no ids.
  if (row.id !== '') json[table.primaryId] ??= row.id;
  if (table.base === 'principal') json.ownerid = row.id;
  for (const expand of shape.expands) Object.assign(json, writeExpanded(row, expand, { shape, writer }));
  return json;
}

/** Puts a column's value into the JSON, before it what the caller wants to know about it. */
function writeColumn(
  json: Json,
  attribute: Attribute,
  { row, names, prefer }: { readonly row: Row; readonly names: Names; readonly prefer: Preferences },
): void {
  const name = wireName(attribute);
  const kept = attribute.logicalName === 'versionnumber' ? row.version : row.values[attribute.logicalName];
  const value = kept ?? null;
  if (value !== null && prefer.annotated) {
    for (const [annotation, text] of annotationsOf(attribute, value, names)) {
      if (text !== undefined && prefer.wants(annotation)) json[`${name}@${annotation}`] = text;
    }
  }
  json[name] = wireValue(attribute, value);
}

type Annotation = readonly [name: string, text: string | undefined];

function annotationsOf(attribute: Attribute, value: NonNullable<Value>, names: Names): readonly Annotation[] {
  const text: Annotation = [formattedValue, formatValue(attribute, value, names)];
  if (!isLookup(attribute)) return [text];
  const { table } = value as Reference;
  return [text, [lookupNavigation, navigationTo(attribute, table)], [lookupTable, table]];
}

/** The navigation property of a lookup that leads to one of its tables. */
function navigationTo(attribute: Attribute, table: string): string | undefined {
  const exact = attribute.targets?.find((target) => target.table === table);
  return (exact ?? attribute.targets?.find((target) => target.table === 'principal'))?.navigation;
}

function writeExpanded(row: Row, expand: ExpandShape, by: { shape: Shape; writer: Writer }): Json {
  const { navigation, shape } = expand;
  const { writer } = by;
  const related = row.expanded?.[navigation.name] ?? (navigation.kind === 'lookup' ? null : []);
  if (related === null) return { [navigation.name]: null };
  if (!Array.isArray(related)) {
    const one = related as Row;
    if (expand.ref) return { [navigation.name]: { '@odata.id': rowUrl(writer.base, shape, one.id) } };
    const members = writer.list ? writeMembers(one, shape, writer) : writeRow(one, shape, writer);
    return { [navigation.name]: members };
  }
  if (writer.collectionPage !== undefined) return writeCollectionPage(row, expand, { ...by, related });
  const rows = (related as readonly Row[]).map((one) => writeRow(one, withParent(expand, writer), writer));
  if (!writer.list) return { [navigation.name]: rows };
  const parent = rowUrl(writer.base, by.shape, row.id);
  const query = expand.options ? `?${expand.options}` : '';
  return {
    [navigation.name]: rows,
    [`${navigation.name}@odata.nextLink`]: `${parent}/${navigation.name}${query}`,
  };
}

/** The first page of an expanded collection, and the link to its second. */
function writeCollectionPage(
  row: Row,
  { navigation, shape, options }: ExpandShape,
  { shape: owner, writer, related }: { shape: Shape; writer: Writer; related: readonly Row[] },
): Json {
  const page = related.slice(0, writer.collectionPage);
  const skip = writeSkipToken({ page: 2, tracking: false }, edges(shape.table, page));
  const query = [...(options ? [options] : []), `$skiptoken=${skip}`].join('&');
  return {
    [navigation.name]: page.map((one) => writeMembers(one, shape, writer)),
    [`${navigation.name}@odata.nextLink`]: `${rowUrl(writer.base, owner, row.id)}/${navigation.name}?${query}`,
  };
}

/** In lists, rows of an expanded 1:N collection carry the lookup that leads back. */
function withParent(expand: ExpandShape, writer: Writer): Shape {
  const { navigation, shape } = expand;
  if (!writer.list || navigation.kind !== 'children') return shape;
  const back = navigation.relationship.attribute;
  const attribute = shape.table.attributes.find((one) => one.logicalName === back);
  return attribute ? { ...shape, columns: [...new Set([...shape.columns, attribute])] } : shape;
}

/** Where a row of a shape is found. */
export function rowUrl(base: string, shape: Shape, id: string): string {
  return `${base}/${setOf(shape.table)}(${id})`;
}

/** Names of everything that the rows point at, asked for once. */
function namesFor(rows: readonly Row[], shape: Shape, context: RowContext): Writer['names'] {
  const { store, prefer } = context;
  const byId = new Map<string, string>();
  if (prefer.wants(formattedValue)) {
    const ids = new Map<string, Set<string>>();
    for (const row of rows) collectReferences(row, shape, ids);
    for (const [table, wanted] of ids) {
      for (const [id, name] of store.names(table, wanted)) byId.set(id, name);
    }
  }
  const symbols = new Map<string, string>();
  return (row) => ({
    row: (id) => byId.get(id),
    table: (logicalName) => store.model.table(logicalName)?.displayName,
    currency: currencyOf(row, store, symbols),
  });
}

function collectReferences(row: Row, shape: Shape, into: Map<string, Set<string>>): void {
  for (const value of Object.values(row.values)) {
    if (typeof value !== 'object' || value === null) continue;
    const ids = into.get(value.table) ?? new Set();
    into.set(value.table, ids.add(value.id));
  }
  for (const expand of shape.expands) {
    const related = row.expanded?.[expand.navigation.name] ?? [];
    for (const one of Array.isArray(related) ? related : [related]) {
      collectReferences(one as Row, expand.shape, into);
    }
  }
}

function currencyOf(row: Row, store: Store, known: Map<string, string>): string {
  const currency = row.values.transactioncurrencyid;
  if (typeof currency !== 'object' || currency === null) return '$';
  const symbol =
    known.get(currency.id) ??
    String(store.read('transactioncurrency', currency.id)?.values.currencysymbol ?? '$');
  known.set(currency.id, symbol);
  return symbol;
}
