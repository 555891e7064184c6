import type { ExpandItem, PropertyPath } from 'dynamics365-connector/odata';
import { currencyColumns, odataPropertyName, visibleColumns } from '../model/attribute.ts';
import type { Attribute, Model, TableModel } from '../model/types.ts';
import { addressOf } from '../store/compose-address.ts';
import { checkExpands } from './check-expand.ts';
import { sortColumns } from './column-order.ts';
import { DataverseError, invalidQuery, propertyNotFound } from './errors.ts';
import { splitTopLevel } from './request-path.ts';
import type { ExpandShape, RowShape } from './row-shape.ts';

/** The parsed `$select` and `$expand` of a query. */
export interface SelectExpand {
  readonly select?: readonly PropertyPath[];
  readonly expand?: readonly ExpandItem[];
  /** The text of `$expand`, to which the positions of its items refer. */
  readonly expandText?: string;
  /** Whether the rows are a list. Default: one row. */
  readonly isList?: boolean;
}

/** Checks `$select` and `$expand` against the table. Throws DataverseError for unknown names. */
export function buildRowShape(model: Model, table: TableModel, request: SelectExpand): RowShape {
  const shape = buildNestedShape(model, table, request);
  checkExpands(shape, request.expand ?? []);
  return shape;
}

function buildNestedShape(model: Model, table: TableModel, request: SelectExpand): RowShape {
  const selected = request.select?.map((path) => ({
    text: pathText(path),
    column: findColumn(model, table, pathText(path)),
  }));
  const expands = (request.expand ?? []).map((item) =>
    buildExpandShape(model, table, item, request.expandText),
  );
  const named = selected?.map((item) => item.column) ?? [];
  const composites = request.isList ? compositesOf(table, named) : [];
  const columns = selected
    ? [...withCompanions(table, named), ...composites]
    : visibleColumns(table).filter(isReadable);
  const refs = expands.filter((item) => item.ref && item.navigation.kind === 'lookup');
  const links = refs.flatMap(({ navigation }) =>
    navigation.kind === 'lookup' ? [navigation.attribute] : [],
  );
  const context = [
    ...(selected ?? []).map((item) => item.text),
    ...expands.flatMap(({ navigation, ref, shape }) =>
      ref ? [navigation.name, `${navigation.name}/$ref()`] : [`${navigation.name}(${shape.context})`],
    ),
  ];
  const sorted = sortColumns(model, table, [...columns, ...links]);
  return { table, columns: sorted, composites, expands, context: context.join(',') };
}

function buildExpandShape(model: Model, table: TableModel, item: ExpandItem, expandText = ''): ExpandShape {
  const name = pathText(item.path);
  const navigation = model.navigation(table, name);
  const target = navigation && model.table(navigation.target);
  if (!navigation || !target) throw propertyNotFound(name, table);
  if (item.ref && navigation.kind !== 'lookup') {
    throw invalidQuery('Expand with $ref is only supported on lookup type navigation property.');
  }
  const shape = buildNestedShape(model, target, { ...item, expandText });
  const [, options = ''] = /\((.*)\)$/s.exec(expandText.slice(item.start, item.end)) ?? [];
  return { navigation, ref: item.ref, shape, options: splitTopLevel(options, ';').join('&') };
}

/** A column by its OData property name, or a lookup by its navigation property (`$select=ownerid`). */
function findColumn(model: Model, table: TableModel, name: string): Attribute {
  const navigation = model.navigation(table, name);
  const found =
    model.property(table, name) ?? (navigation?.kind === 'lookup' ? navigation.attribute : undefined);
  if (!found) throw propertyNotFound(name, table);
  if (!isReadable(found)) throw notReadable(table, found);
  return found;
}

const isReadable = ({ validForRead }: Attribute) => validForRead !== false;

/** 400: the column can only be written. */
const notReadable = ({ logicalName: table }: TableModel, { logicalName }: Attribute) =>
  new DataverseError(
    400,
    '0x80041103',
    `The attribute '${logicalName}' of the entity '${table}' cannot be read.`,
  );

/** Adds the columns that come with others: the currency of money, the safe text of an e-mail, and the primary key. */
function withCompanions(table: TableModel, selected: readonly Attribute[]): readonly Attribute[] {
  const named = (name: string) => table.attributes.filter((attribute) => attribute.logicalName === name);
  const hasText = selected.some(({ logicalName }) => logicalName === 'description');
  const companions =
    table.logicalName === 'email' && hasText ? [...named('isunsafe'), ...named('safedescription')] : [];
  return [
    ...new Set([...selected, ...companions, ...currencyColumns(table, selected), ...named(table.primaryId)]),
  ];
}

/** The composite addresses that come with selected columns of an address. */
function compositesOf(table: TableModel, selected: readonly Attribute[]): readonly Attribute[] {
  const prefixes = new Set(selected.map(({ logicalName }) => /^(address\d)_/.exec(logicalName)?.[1]));
  return table.attributes.filter(
    (attribute) =>
      /^address\d_composite$/.test(attribute.logicalName) &&
      prefixes.has(addressOf(attribute.logicalName)) &&
      !selected.includes(attribute),
  );
}

/** The expand items for the store: selections are extended by the columns that the response also needs. */
export function toStoreExpand(items: readonly ExpandItem[], shape: RowShape): readonly ExpandItem[] {
  return items.map((item, index) => {
    const inner = shape.expands[index];
    if (!inner) return item;
    const parentLookup =
      inner.navigation.kind === 'oneToMany' ? [`_${inner.navigation.relationship.attribute}_value`] : [];
    const names = [...new Set([...inner.shape.columns.map(odataPropertyName), ...parentLookup])];
    const select = item.select && names.map((name) => columnPathAt(name, item.path));
    return { ...item, select, expand: item.expand && toStoreExpand(item.expand, inner.shape) };
  });
}

function columnPathAt(name: string, span: PropertyPath): PropertyPath {
  return { kind: 'path', segments: [name], start: span.start, end: span.end };
}

function pathText(path: PropertyPath): string {
  return path.segments.join('/');
}
