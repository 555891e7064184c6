import { expect } from 'chai';
import type { Column, ColumnType, Table } from '../../src/model/table.ts';
import { standardModel } from '../../src/sandbox/model/standard-model.ts';
import type { Attribute, AttributeType, TableModel } from '../../src/sandbox/model/types.ts';
import { compile, realFiles } from '../manifest/support/manifests.ts';

/** How Dataverse's kinds of column may be written in our schemas. */
const kinds: Readonly<Record<AttributeType, readonly ColumnType[]>> = {
  Uniqueidentifier: ['uuid'],
  String: ['string'],
  Memo: ['string'],
  Integer: ['integer', 'choice'],
  BigInt: ['bigint'],
  Decimal: ['decimal'],
  Double: ['decimal'],
  Money: ['decimal'],
  Boolean: ['boolean'],
  DateTime: ['date-time', 'date'],
  Picklist: ['choice'],
  MultiSelectPicklist: ['choices'],
  State: ['choice'],
  Status: ['choice'],
  Lookup: ['lookup'],
  Customer: ['lookup'],
  Owner: ['lookup'],
  EntityName: ['string'],
  File: ['string'],
};

/** Differences that we know and mean: the sandbox's metadata is older or coarser there, or Dataverse fills in. */
const known = [
  'account.street: length is 250 here, 100 there',
  'account.city: length is 80 here, 100 there',
  'account.region: length is 50 here, 100 there',
  'account.postalCode: length is 20 here, 100 there',
  'account.country: length is 80 here, 100 there',
  'note.subject: required there, not here',
  'note.subject: length is 500 here, 200 there',
  'opportunity.currency: required there, not here',
  'queue.visibility: required there, not here',
  'team.type: choices is 0,1,2,3 here, 0,1 there',
];

describe('the table schemas and the metadata', () => {
  const { definition } = compile(realFiles());
  const model = standardModel();
  const tables = Object.values(definition!.tables);

  it('agree on names, types, lengths, choices, navigation and what a new row needs', () => {
    expect(tables.flatMap((table) => differences(table)).filter((it) => !known.includes(it))).to.deep.equal(
      [],
    );
  });

  it('are known differences only while they differ', () => {
    const found = tables.flatMap((table) => differences(table));
    expect(known.filter((it) => !found.includes(it))).to.deep.equal([]);
  });

  function differences(table: Table): readonly string[] {
    const there = model.table(table.logicalName);
    if (there === undefined) return [`${table.name}: there is no table ${table.logicalName}`];
    const own = [
      differs(table.name, 'set', table.set, there.set),
      differs(table.name, 'key', table.key, there.primaryId),
      differs(table.name, 'primary name', table.primaryName, there.primaryName),
    ].flat();
    return [
      ...own,
      ...table.columns.flatMap((column) => ofColumn(table, column, there)),
      ...(table.parties ?? []).flatMap(({ name, collection, targets }) => [
        ...(model.navigation(there, collection) ? [] : [`${table.name}.${name}: there is no ${collection}`]),
        ...targets.flatMap(({ navigation }) =>
          model.navigation(model.table('activityparty')!, navigation)
            ? []
            : [`${table.name}.${name}: nobody is reached by ${navigation}`],
        ),
      ]),
    ];
  }

  function ofColumn(table: Table, column: Column, there: TableModel): readonly string[] {
    const at = `${table.name}.${column.name}`;
    const attribute = model.attribute(there, column.column);
    if (attribute === undefined) return [`${at}: there is no column ${column.column}`];
    if (!kinds[attribute.type].includes(column.type))
      return [`${at}: ${column.type} here, ${attribute.type} there`];
    const isDate = attribute.dateOnly === true;
    const needs = attribute.required.endsWith('Required') && attribute.type !== 'State';
    return [
      ...(column.type.startsWith('date') ? differs(at, 'day only', column.type === 'date', isDate) : []),
      ...(column.writable ? ofWritten(at, column, attribute) : []),
      ...(column.writable && needs && !column.required ? [`${at}: required there, not here`] : []),
      ...ofLength(at, table, { column, attribute }),
      ...ofChoices(at, column, attribute),
      ...(column.targets ?? []).flatMap(({ navigation, logicalName }) =>
        column.writable && !reaches(there, navigation, logicalName)
          ? [`${at}: ${navigation} does not lead to ${logicalName}`]
          : [],
      ),
    ];
  }

  function ofWritten(at: string, { column }: Column, attribute: Attribute): readonly string[] {
    const may = attribute.validForCreate || attribute.validForUpdate;
    return may ? [] : [`${at}: ${column} cannot be written there`];
  }

  function ofLength(
    at: string,
    { inputProperties }: Table,
    { column, attribute }: { column: Column; attribute: Attribute },
  ): readonly string[] {
    const { maxLength } = (inputProperties[column.name] ?? {}) as { maxLength?: number };
    if (maxLength === undefined || attribute.maxLength === undefined) return [];
    // A text of a megabyte is enough for us where a gigabyte is allowed.
    const allowed = Math.min(attribute.maxLength, 1_048_576);
    return differs(at, 'length', maxLength, allowed);
  }

  function ofChoices(at: string, { choices }: Column, { options }: Attribute): readonly string[] {
    if (choices === undefined || options === undefined) return [];
    const here = Object.values(choices).sort((a, b) => a - b);
    const given = options.map(({ value }) => value).sort((a, b) => a - b);
    return differs(at, 'choices', here.join(), given.join());
  }

  function reaches(there: TableModel, navigation: string, logicalName: string): boolean {
    const target = model.navigation(there, navigation)?.target;
    const known = model.table(logicalName) !== undefined;
    const isPerson = logicalName === 'systemuser' || logicalName === 'team';
    return target === logicalName || (isPerson && target === 'principal') || (!known && target === undefined);
  }
});

function differs(at: string, what: string, here: unknown, there: unknown): readonly string[] {
  return here === there ? [] : [`${at}: ${what} is ${here} here, ${there} there`];
}
