import fc from 'fast-check';
import { queryFunctions } from '../../../../src/odata/query/query-functions.ts';
import { odataPropertyName } from '../../src/model/attribute.ts';
import type { Model, TableModel } from '../../src/model/types.ts';
import { type FuzzDomain, junk, scalar } from './fuzz-domain.ts';

const literal = (domain: FuzzDomain): fc.Arbitrary<string> =>
  scalar(domain).map((value) =>
    typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value),
  );

const column = (table: TableModel): fc.Arbitrary<string> =>
  fc.constantFrom(...table.attributes).map(odataPropertyName);

const path = (table: TableModel, model: Model): fc.Arbitrary<string> => {
  const navigations = model.navigations(table);
  if (navigations.length === 0) return column(table);
  const through = fc.constantFrom(...navigations).chain((navigation) => {
    const target = model.table(navigation.target);
    return (target ? column(target) : fc.constant('name')).map((name) => `${navigation.name}/${name}`);
  });
  return fc.oneof({ weight: 4, arbitrary: column(table) }, { weight: 1, arbitrary: through });
};

const functionCall = (domain: FuzzDomain, table: TableModel): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...Object.keys(queryFunctions)), column(table), literal(domain), literal(domain))
    .map(([name, property, one, other]) => {
      const given = (queryFunctions[name] ?? []).map((parameter, index) =>
        parameter === 'PropertyValues'
          ? `${parameter}=[${one.replace(/^'|'$/g, '"')},${other.replace(/^'|'$/g, '"')}]`
          : `${parameter}=${index === 0 ? one : other}`,
      );
      return `Microsoft.Dynamics.CRM.${name}(${[`PropertyName='${property}'`, ...given].join(',')})`;
    });

/** A condition on a table. */
function filter(domain: FuzzDomain, table: TableModel, model: Model): fc.Arbitrary<string> {
  const operator = fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le', 'has', '==');
  const comparison = fc
    .tuple(path(table, model), operator, fc.oneof(literal(domain), path(table, model)))
    .map((parts) => parts.join(' '));
  const text = fc
    .tuple(
      fc.constantFrom('contains', 'startswith', 'endswith', 'length'),
      path(table, model),
      literal(domain),
    )
    .map(([name, ...rest]) => `${name}(${rest.join(',')})`);
  const collections = model.navigations(table).filter(({ kind }) => kind !== 'lookup');
  const lambda =
    collections.length === 0
      ? comparison
      : fc
          .tuple(fc.constantFrom(...collections), fc.constantFrom('any', 'all'), literal(domain))
          .map(([{ name }, word, value]) => `${name}/${word}(o:o/createdon ne ${value})`);
  const one = fc.oneof(comparison, comparison, text, functionCall(domain, table), lambda);
  return fc.oneof(
    one,
    fc.tuple(one, fc.constantFrom(' and ', ' or ', ' '), one).map((parts) => parts.join('')),
    one.map((inner) => `not (${inner})`),
    fc.string({ maxLength: 20 }),
  );
}

const expand = (table: TableModel, model: Model): fc.Arbitrary<string> => {
  const navigations = model.navigations(table);
  if (navigations.length === 0) return fc.constant('createdby');
  const options = fc.constantFrom(
    '',
    '($select=createdon)',
    '($top=1)',
    '($orderby=createdon desc)',
    '/$ref',
    '($levels=2)',
    '($expand=createdby)',
    '($filter=createdon ne null;$select=createdon)',
  );
  return fc
    .array(
      fc.tuple(fc.constantFrom(...navigations), options).map(([{ name }, more]) => `${name}${more}`),
      { minLength: 1, maxLength: 3 },
    )
    .map((items) => items.join(','));
};

const apply = (table: TableModel, model: Model): fc.Arbitrary<string> =>
  fc.oneof(
    path(table, model).map((by) => `groupby((${by}),aggregate($count as n))`),
    fc
      .tuple(path(table, model), fc.constantFrom('sum', 'average', 'min', 'max', 'countdistinct', 'median'))
      .map(([of, method]) => `aggregate(${of} with ${method} as x)`),
    path(table, model).map((by) => `filter(${by} ne null)/groupby((${by}))`),
  );

/** Words and symbols of SQL in any order. */
const sql: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      ...'SELECT,DISTINCT,TOP,5,name,accountid,FROM,account,a,JOIN,LEFT,contact,c,ON,=,<>,WHERE,AND,OR,NOT,LIKE'.split(
        ',',
      ),
      ...[
        'IN',
        '(',
        ')',
        "'x'",
        '*',
        ',',
        '.',
        'GROUP BY',
        'ORDER BY',
        'COUNT(*)',
        'OFFSET',
        'ROWS',
        'IS NULL',
        ';',
      ],
    ),
    { maxLength: 12 },
  )
  .map((words) => `SELECT name FROM account ${words.join(' ')}`);

/** One query option for a table, or one that no table has. */
export function arbitraryOption(domain: FuzzDomain, table: TableModel, model: Model): fc.Arbitrary<string> {
  const columns = fc
    .array(path(table, model), { minLength: 1, maxLength: 3 })
    .map((names) => names.join(','));
  const named = (name: string, text: fc.Arbitrary<string>) => text.map((value) => `${name}=${value}`);
  return fc.oneof(
    named('$select', columns),
    named('$filter', filter(domain, table, model)),
    named('$filter', filter(domain, table, model)),
    named(
      '$orderby',
      columns.map((text) => `${text} desc`),
    ),
    named('$expand', expand(table, model)),
    named('$apply', apply(table, model)),
    named('sql', sql),
    fc.constantFrom(
      ...[
        '$count=true',
        '$top=0',
        '$top=3',
        '$top=-1',
        '$skip=1',
        '$search=x',
        '$format=json',
        'tag=x',
        '%zz=1',
      ],
      ...[
        "@p1='x'",
        '@p1=["account"]',
        '$deltatoken=1!01/01/2024 00:00:00',
        '$deltatoken=99!13/45/0000 99:99:99',
      ],
      '$skiptoken=<cookie pagenumber="2" pagingcookie="%253ctoken%2520value%253d%2522x%2522" istracking="True" />',
      ...['$id=accounts(1)', 'annotations=true', 'LabelLanguages=1033', 'size=full', 'foo=bar'],
    ),
    fc
      .tuple(
        fc.constantFrom(
          ...'$select $expand $filter $orderby $apply $top $count $skiptoken $deltatoken @p1'.split(' '),
        ),
        junk,
      )
      .map((pair) => pair.join('=')),
  );
}
