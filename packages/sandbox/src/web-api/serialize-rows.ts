import {
  crmNamespace,
  etagMember,
  formatEtag,
  formattedValueAnnotation,
  lookupTableAnnotation,
} from 'dynamics365-connector/odata';
import { isLookup, odataPropertyName } from '../model/attribute.ts';
import type { Attribute, TableModel } from '../model/types.ts';
import { addressOf, composeAddress } from '../store/compose-address.ts';
import { referenceId } from '../store/entity-reference.ts';
import type {
  ColumnValue,
  ColumnValues,
  EntityReference,
  OrganizationStore,
  StoredRow,
} from '../store/types.ts';
import { lookupNavigationAnnotation } from './annotations.ts';
import { createDisplayNames, readCurrencyFormat } from './display-names.ts';
import { type CurrencyFormat, type DisplayNames, formatValue } from './format-value.ts';
import { entitySetName, toJsonValue } from './odata-names.ts';
import { formatSkipToken, pageEdgesOf } from './paging.ts';
import type { Preferences } from './preferences.ts';
import type { ExpandShape, RowShape } from './row-shape.ts';
import type { UserFormat } from './user-format.ts';

/** What the serialization of rows depends on. */
export interface SerializeContext {
  readonly store: OrganizationStore;
  /** `http://…/api/data/v9.2` */
  readonly base: string;
  readonly prefer: Preferences;
  /** The settings of the caller, for formatted values. */
  readonly format: UserFormat;
  /** Whether the rows are a list: then expanded rows have no ETag and expanded collections have a link. */
  readonly isList: boolean;
  /** Page size of expanded collections, if they are paged; then their rows have no ETag. */
  readonly collectionPageSize?: number;
}

type JsonRow = Record<string, unknown>;

/** Rows as JSON objects with the requested annotations. */
export function serializeRows(
  rows: readonly StoredRow[],
  shape: RowShape,
  context: SerializeContext,
): readonly JsonRow[] {
  const displayNamesOf = loadDisplayNames(rows, shape, context);
  return rows.map((row) => serializeRow(row, shape, { ...context, displayNamesOf }));
}

interface RowSerializer extends SerializeContext {
  readonly displayNamesOf: (row: StoredRow) => DisplayNames;
}

function serializeRow(row: StoredRow, shape: RowShape, serializer: RowSerializer): JsonRow {
  const etag = hasVersions(shape.table) ? { [etagMember]: formatEtag(row.version) } : {};
  return { ...etag, ...serializeMembers(row, shape, serializer) };
}

/** System jobs and other tables without a version have no ETags. */
export const hasVersions = ({ withoutVersion }: TableModel): boolean => !withoutVersion;

function serializeMembers(row: StoredRow, shape: RowShape, serializer: RowSerializer): JsonRow {
  const { table } = shape;
  const json: JsonRow = {};
  if (table.logicalName === 'principal') json['@odata.type'] = `#${crmNamespace}${row.table}`;
  if (table.base === 'principal') json.ownerid = row.id;
  const names = serializer.displayNamesOf(row);
  const composites = selectedAddresses(row, shape);
  for (const attribute of shape.columns)
    serializeColumn(json, attribute, { row, composites, names, prefer: serializer.prefer });
  // The rows of a distinct fetch have no ids.
  if (row.id !== '') json[table.primaryId] ??= row.id;
  for (const expand of shape.expands)
    Object.assign(json, serializeExpanded(row, expand, { shape, serializer }));
  return json;
}

interface SerializedRow {
  readonly row: StoredRow;
  readonly composites: ColumnValues;
  readonly names: DisplayNames;
  readonly prefer: Preferences;
}

/** The composite addresses that come with some of their parts. */
function selectedAddresses({ values }: StoredRow, { columns, composites }: RowShape): ColumnValues {
  if (composites.length === 0) return {};
  const selected = Object.fromEntries(
    columns.map(({ logicalName }) => [logicalName, values[logicalName] ?? null]),
  );
  return Object.fromEntries(
    composites.map(({ logicalName }) => [
      logicalName,
      composeAddress(selected, addressOf(logicalName) ?? ''),
    ]),
  );
}

/** Adds a column to the JSON, after its annotations. */
function serializeColumn(
  json: JsonRow,
  attribute: Attribute,
  { row, composites, names, prefer }: SerializedRow,
): void {
  const name = odataPropertyName(attribute);
  const { logicalName } = attribute;
  const stored = logicalName === 'versionnumber' ? row.version : row.values[logicalName];
  const value = (logicalName in composites ? composites[logicalName] : stored) ?? null;
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

/** The navigation property of a lookup that leads to a table. */
function navigationTo(attribute: Attribute, table: string): string | undefined {
  const exact = attribute.targets?.find((target) => target.table === table);
  return (exact ?? attribute.targets?.find((target) => target.table === 'principal'))?.navigation;
}

function serializeExpanded(
  row: StoredRow,
  expand: ExpandShape,
  by: { shape: RowShape; serializer: RowSerializer },
): JsonRow {
  const { navigation, shape } = expand;
  const { serializer } = by;
  const related = row.expanded?.[navigation.name] ?? (navigation.kind === 'lookup' ? null : []);
  if (related === null) return { [navigation.name]: null };
  if (!Array.isArray(related)) {
    const one = related as StoredRow;
    if (expand.ref) return { [navigation.name]: { '@odata.id': rowUrl(serializer.base, shape, one.id) } };
    // In lists, an expanded row has an ETag only when its version is selected, as all columns are without $select.
    const hasEtag = !serializer.isList || shape.context === '';
    const members = hasEtag ? serializeRow(one, shape, serializer) : serializeMembers(one, shape, serializer);
    return { [navigation.name]: members };
  }
  if (serializer.collectionPageSize !== undefined)
    return serializeCollectionPage(row, expand, { ...by, related });
  const rows = (related as readonly StoredRow[]).map((one) =>
    serializeRow(one, withParent(expand, serializer), serializer),
  );
  if (!serializer.isList) return { [navigation.name]: rows };
  const parent = rowUrl(serializer.base, by.shape, row.id);
  const query = expand.options ? `?${expand.options}` : '';
  return {
    [navigation.name]: rows,
    [`${navigation.name}@odata.nextLink`]: `${parent}/${navigation.name}${query}`,
  };
}

/** The first page of an expanded collection and the link to the second. */
function serializeCollectionPage(
  row: StoredRow,
  { navigation, shape, options }: ExpandShape,
  {
    shape: owner,
    serializer,
    related,
  }: { shape: RowShape; serializer: RowSerializer; related: readonly StoredRow[] },
): JsonRow {
  const page = related.slice(0, serializer.collectionPageSize);
  const skip = formatSkipToken({ page: 2, tracking: false }, pageEdgesOf(shape.table, page));
  const query = [...(options ? [options] : []), `$skiptoken=${skip}`].join('&');
  return {
    [navigation.name]: page.map((one) => serializeMembers(one, shape, serializer)),
    [`${navigation.name}@odata.nextLink`]: `${rowUrl(serializer.base, owner, row.id)}/${navigation.name}?${query}`,
  };
}

/** In lists, the rows of an expanded one-to-many collection have the lookup to their parent. */
function withParent(expand: ExpandShape, serializer: RowSerializer): RowShape {
  const { navigation, shape } = expand;
  if (!serializer.isList || navigation.kind !== 'oneToMany') return shape;
  const parentLookup = navigation.relationship.attribute;
  const attribute = shape.table.attributes.find((one) => one.logicalName === parentLookup);
  return attribute ? { ...shape, columns: [...new Set([...shape.columns, attribute])] } : shape;
}

/** The URL of a row. */
export function rowUrl(base: string, shape: RowShape, id: string): string {
  return `${base}/${entitySetName(shape.table)}(${id})`;
}

/** Reads the names of all referenced rows, with one query per table. */
function loadDisplayNames(
  rows: readonly StoredRow[],
  shape: RowShape,
  context: SerializeContext,
): RowSerializer['displayNamesOf'] {
  const { store, prefer, format } = context;
  const byId = new Map<string, string>();
  if (prefer.includesAnnotation(formattedValueAnnotation)) {
    const ids = new Map<string, Set<string>>();
    for (const row of rows) collectReferences(row, shape, ids);
    for (const [table, idsOfTable] of ids) {
      for (const [id, name] of store.readNames(table, idsOfTable)) byId.set(id, name);
    }
  }
  const currencies = new Map<string, CurrencyFormat>();
  const { table } = createDisplayNames(store, format);
  return (row) => ({
    table,
    format,
    row: ({ id }) => byId.get(id),
    get currency() {
      return currencyOf(row, store, currencies);
    },
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

function currencyOf(
  { values: { transactioncurrencyid: currency = null } }: StoredRow,
  store: OrganizationStore,
  currencies: Map<string, CurrencyFormat>,
): CurrencyFormat {
  const key = referenceId(currency) ?? '';
  const format = currencies.get(key) ?? readCurrencyFormat(store, currency);
  currencies.set(key, format);
  return format;
}
