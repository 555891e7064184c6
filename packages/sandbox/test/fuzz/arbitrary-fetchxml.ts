import { escapeXml } from 'dynamics365-connector/odata';
import fc from 'fast-check';
import { fetchXmlOperators } from '../../../../src/odata/fetchxml/fetchxml-operators.ts';
import {
  aggregateFunctions,
  dateGroupings,
  joinTypes,
  semiJoinTypes,
} from '../../../../src/odata/fetchxml/fetchxml-schema.ts';
import type { Model, TableModel } from '../../src/model/types.ts';
import { arbitraryTable, type FuzzDomain, junk, rarely, scalar } from './fuzz-domain.ts';

const attributes = (values: Readonly<Record<string, string | undefined>>): string =>
  Object.entries(values)
    .flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${escapeXml(value)}"`]))
    .join('');

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => rarely(arbitrary, 2);

const flag = fc.constantFrom('true', 'false', '1', '0');

const column = (table: TableModel): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...table.attributes).map(({ logicalName }) => logicalName) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(...table.attributes).map(({ logicalName }) => `${logicalName}name`),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...table.attributes).map(({ logicalName }) => `${logicalName}type`),
    },
  );

const alias = fc.constantFrom('a', 'b', 'c', 'account', 'x y');

function condition(domain: FuzzDomain, table: TableModel): fc.Arbitrary<string> {
  const value = scalar(domain).map(String);
  return fc
    .tuple(
      fc.record({
        attribute: column(table),
        operator: fc.constantFrom(...fetchXmlOperators.keys(), 'equals'),
        value: maybe(value),
        valueof: rarely(column(table), 8),
        entityname: rarely(alias, 8),
      }),
      fc.array(value, { maxLength: 2 }),
    )
    .map(
      ([given, values]) =>
        `<condition${attributes(given)}>${values.map((text) => `<value>${escapeXml(text)}</value>`).join('')}</condition>`,
    );
}

function filter(domain: FuzzDomain, table: TableModel): fc.Arbitrary<string> {
  const conditions = fc.array(condition(domain, table), { maxLength: 2 }).map((all) => all.join(''));
  return fc
    .tuple(fc.constantFrom('and', 'or', 'and', 'xor'), conditions)
    .map(([type, inside]) => `<filter type="${type}">${inside}</filter>`);
}

const returned = (table: TableModel, aggregate: boolean): fc.Arbitrary<string> =>
  fc
    .record({
      name: column(table),
      alias: maybe(fc.constantFrom('a', 'b', 'n', 'm', 'x y')),
      aggregate: aggregate ? maybe(fc.constantFrom(...aggregateFunctions, 'total')) : fc.constant(undefined),
      groupby: aggregate ? maybe(flag) : fc.constant(undefined),
      dategrouping: aggregate ? maybe(fc.constantFrom(...dateGroupings, 'hour')) : fc.constant(undefined),
      rowaggregate: rarely(fc.constant('CountChildren'), 8),
      distinct: rarely(flag, 8),
    })
    .map((given) => `<attribute${attributes(given)}/>`);

const order = (table: TableModel): fc.Arbitrary<string> =>
  fc
    .record({
      attribute: maybe(column(table)),
      alias: rarely(fc.constantFrom('a', 'n'), 4),
      entityname: rarely(alias, 6),
      descending: maybe(flag),
    })
    .map((given) => `<order${attributes(given)}/>`);

interface Part {
  readonly domain: FuzzDomain;
  readonly model: Model;
  readonly table: TableModel;
  readonly aggregate: boolean;
  readonly depth: number;
}

function link(part: Part): fc.Arbitrary<string> {
  return arbitraryTable(part.domain).chain((table) =>
    fc
      .tuple(
        fc.record({
          name: fc.constant(table.logicalName),
          from: maybe(column(table)),
          to: maybe(column(part.table)),
          alias: maybe(alias),
          'link-type': maybe(fc.constantFrom(...joinTypes, ...semiJoinTypes, 'left')),
        }),
        inside({ ...part, table, depth: part.depth + 1 }),
      )
      .map(([given, children]) => `<link-entity${attributes(given)}>${children}</link-entity>`),
  );
}

function inside(part: Part): fc.Arbitrary<string> {
  const { domain, table, aggregate, depth } = part;
  const children = [
    returned(table, aggregate),
    returned(table, aggregate),
    order(table),
    filter(domain, table),
    fc.constantFrom('<all-attributes/>', '<no-attrs/>', '', '<atribute/>'),
    ...(depth < 2 ? [link(part)] : []),
  ];
  return fc.array(fc.oneof(...children), { maxLength: 4 }).map((all) => all.join(''));
}

/** A FetchXML query, mostly by the schema. */
export function arbitraryFetchXml(domain: FuzzDomain, model: Model, table: TableModel): fc.Arbitrary<string> {
  const root = fc.record({
    aggregate: rarely(flag, 2),
    distinct: maybe(flag),
    top: rarely(fc.constantFrom('1', '5', '0', '99999', 'x'), 8),
    count: maybe(fc.constantFrom('1', '2', '0', '5000')),
    page: rarely(fc.constantFrom('1', '2', '0', '999999999'), 4),
    'paging-cookie': rarely(fc.oneof(fc.constant('<cookie page="1"><cursor last="x" /></cookie>'), junk), 8),
    aggregatelimit: rarely(fc.constantFrom('0', '1', '50000'), 8),
    returntotalrecordcount: rarely(flag, 8),
    useraworderby: rarely(flag, 8),
    datasource: rarely(fc.constantFrom('retained', ''), 12),
  });
  return fc
    .boolean()
    .chain((aggregate) =>
      fc
        .tuple(root, inside({ domain, model, table, aggregate, depth: 0 }))
        .map(
          ([given, children]) =>
            `<fetch${attributes({ ...given, aggregate: aggregate ? 'true' : given.aggregate })}><entity name="${table.logicalName}">${children}</entity></fetch>`,
        ),
    );
}
