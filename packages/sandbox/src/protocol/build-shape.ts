import type { ExpandItem, Path } from 'dynamics365-connector/odata';
import { wireName } from '../model/attribute.ts';
import type { Attribute, Model, TableModel } from '../model/types.ts';
import { checkExpands } from './expand-rules.ts';
import { splitTop } from './path.ts';
import { badQuery, noSuchProperty } from './refusal.ts';
import type { ExpandShape, Shape } from './shape.ts';

/** What a query selects and expands, as parsed. */
export interface Wanted {
  readonly select?: readonly Path[];
  readonly expand?: readonly ExpandItem[];
  /** The text of `$expand`, into which the places of its items point. */
  readonly expandText?: string;
}

/** Checks `$select` and `$expand` against the table; refuses unknown names in Dataverse's words. */
export function shapeOf(model: Model, table: TableModel, wanted: Wanted): Shape {
  const shape = build(model, table, wanted);
  checkExpands(shape, wanted.expand ?? []);
  return shape;
}

function build(model: Model, table: TableModel, wanted: Wanted): Shape {
  const asked = wanted.select?.map((path) => ({
    text: text(path),
    column: column(model, table, text(path)),
  }));
  const expands = (wanted.expand ?? []).map((item) => expandShape(model, table, item, wanted.expandText));
  const columns = asked
    ? withCompanions(
        table,
        asked.map((item) => item.column),
      )
    : table.attributes;
  const refs = expands.filter((item) => item.ref && item.navigation.kind === 'lookup');
  const links = refs.flatMap(({ navigation }) =>
    navigation.kind === 'lookup' ? [navigation.attribute] : [],
  );
  const context = [
    ...(asked ?? []).map((item) => item.text),
    ...expands.flatMap(({ navigation, ref, shape }) =>
      ref ? [navigation.name, `${navigation.name}/$ref()`] : [`${navigation.name}(${shape.context})`],
    ),
  ];
  return { table, columns: [...new Set([...columns, ...links])], expands, context: context.join(',') };
}

function expandShape(model: Model, table: TableModel, item: ExpandItem, expandText = ''): ExpandShape {
  const name = text(item.path);
  const navigation = model.navigation(table, name);
  const target = navigation && model.table(navigation.target);
  if (!navigation || !target) throw noSuchProperty(table, name);
  if (item.ref && navigation.kind !== 'lookup') {
    throw badQuery('Expand with $ref is only supported on lookup type navigation property.');
  }
  const shape = build(model, target, { ...item, expandText });
  const [, options = ''] = /\((.*)\)$/s.exec(expandText.slice(item.start, item.end)) ?? [];
  return { navigation, ref: item.ref, shape, options: splitTop(options, ';').join('&') };
}

/** A column by its name on the wire, or the lookup behind a navigation property (`$select=ownerid`). */
function column(model: Model, table: TableModel, name: string): Attribute {
  const navigation = model.navigation(table, name);
  const found =
    model.property(table, name) ?? (navigation?.kind === 'lookup' ? navigation.attribute : undefined);
  if (!found) throw noSuchProperty(table, name);
  return found;
}

/** Money brings its currency, part of an address the whole of it, every row its primary key. */
function withCompanions(table: TableModel, asked: readonly Attribute[]): readonly Attribute[] {
  const named = (name: string) => table.attributes.filter((attribute) => attribute.logicalName === name);
  const companions = asked.flatMap((attribute) => {
    const address = /^(address\d)_(?!composite)/.exec(attribute.logicalName);
    if (address) return named(`${address[1]}_composite`);
    return attribute.type === 'Money' ? named('transactioncurrencyid') : [];
  });
  return [...new Set([...asked, ...companions, ...named(table.primaryId)])];
}

/**
 * The expand items that the store must read so that the shape can be shown: selects are completed with what
 * comes along.
 */
export function storeExpand(items: readonly ExpandItem[], shape: Shape): readonly ExpandItem[] {
  return items.map((item, index) => {
    const inner = shape.expands[index]!;
    const back =
      inner.navigation.kind === 'children' ? [`_${inner.navigation.relationship.attribute}_value`] : [];
    const names = [...new Set([...inner.shape.columns.map(wireName), ...back])];
    const select = item.select && names.map((name) => path(name, item.path));
    return {
      ...item,
      ...(select ? { select } : {}),
      ...(item.expand ? { expand: storeExpand(item.expand, inner.shape) } : {}),
    };
  });
}

function path(name: string, place: Path): Path {
  return { kind: 'path', segments: [name], start: place.start, end: place.end };
}

function text(path: Path): string {
  return path.segments.join('/');
}
