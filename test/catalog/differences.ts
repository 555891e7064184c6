import type { Attribute, AttributeType, Model, TableModel } from '../../packages/sandbox/src/model/types.ts';
import type { ActivityParties, ColumnType, Table, TableColumn } from '../../src/model/table.ts';

/** A difference between a table schema and Dataverse's metadata. */
export interface Difference {
  /** The table or column: `case.priority`. */
  readonly subject: string;
  readonly property: string;
  readonly ours: unknown;
  readonly theirs: unknown;
}

/** The column type in our schemas for each attribute type of Dataverse. */
const kinds: Readonly<Record<AttributeType, ColumnType>> = {
  Uniqueidentifier: 'uuid',
  String: 'string',
  Memo: 'string',
  Integer: 'integer',
  BigInt: 'bigint',
  Decimal: 'decimal',
  Double: 'decimal',
  Money: 'decimal',
  Boolean: 'boolean',
  DateTime: 'date-time',
  Picklist: 'choice',
  MultiSelectPicklist: 'choices',
  State: 'choice',
  Status: 'choice',
  Lookup: 'lookup',
  Customer: 'lookup',
  Owner: 'lookup',
  EntityName: 'string',
  File: 'string',
  ManagedProperty: 'string',
  PartyList: 'lookup',
};

/** All differences between a table schema and the metadata. */
export function differencesOf(table: Table, model: Model): readonly Difference[] {
  const there = model.table(table.logicalName);
  if (there === undefined) return differs(table.name, 'table', table.logicalName, undefined);
  return [
    ...differs(table.name, 'set', table.entitySet, there.set),
    ...differs(table.name, 'key', table.key, there.primaryId),
    ...differs(table.name, 'primary name', table.primaryName, there.primaryName),
    ...table.columns.flatMap((column) => ofColumn(column, { table, there, model })),
    ...(table.parties ?? []).flatMap((parties) => ofParties(parties, { table, there, model })),
  ];
}

/** The table of a column in both models. */
interface Context {
  readonly table: Table;
  readonly there: TableModel;
  readonly model: Model;
}

function ofColumn(column: TableColumn, context: Context): readonly Difference[] {
  const { table, there, model } = context;
  const at = `${table.name}.${column.name}`;
  const attribute = model.attribute(there, column.logicalName);
  if (attribute === undefined) return differs(at, 'column', column.logicalName, undefined);
  const type = attribute.dateOnly ? 'date' : kinds[attribute.type];
  return [
    ...differs(at, 'type', column.type, type),
    ...ofChoices(at, column, attribute),
    ...(column.writable ? ofWritten(at, column, { ...context, attribute }) : []),
  ];
}

function ofWritten(
  at: string,
  column: TableColumn,
  { attribute, table, there, model }: Context & { readonly attribute: Attribute },
): readonly Difference[] {
  const { maxLength } = (table.inputProperties[column.name] ?? {}) as { maxLength?: number };
  // Our schemas limit texts to one megabyte where Dataverse allows a gigabyte.
  const allowed = attribute.maxLength && Math.min(attribute.maxLength, 1_048_576);
  const reached = (column.targets ?? []).map(({ navigation, logicalName }) => {
    const target = model.navigation(there, navigation)?.target;
    const isPerson = logicalName === 'systemuser' || logicalName === 'team';
    const meant = target === 'principal' && isPerson ? logicalName : target;
    return [`${navigation} to ${logicalName}`, `${navigation} to ${meant}`] as const;
  });
  return [
    ...differs(at, 'written', true, attribute.validForCreate || attribute.validForUpdate),
    ...differs(at, 'required', column.required, attribute.required.endsWith('Required')),
    ...differs(at, 'length', maxLength, allowed),
    ...reached.flatMap(([here, found]) => differs(at, 'navigation', here, found)),
  ];
}

/** Compares the label of each choice value. */
function ofChoices(at: string, { choices }: TableColumn, { options }: Attribute): readonly Difference[] {
  if (choices === undefined) return [];
  const here = new Map(Object.entries(choices).map(([label, value]) => [Number(value), label]));
  const there = new Map((options ?? []).map(({ label, value }) => [value, label]));
  return [...new Set([...here.keys(), ...there.keys()])].flatMap((value) =>
    differs(at, `choice ${value}`, here.get(value), kebab(there.get(value))),
  );
}

function ofParties(
  { name, collection, targets }: ActivityParties,
  { table, there, model }: Context,
): readonly Difference[] {
  const at = `${table.name}.${name}`;
  const party = model.table('activityparty')!;
  return [
    ...differs(at, 'collection', collection, model.navigation(there, collection)?.name),
    ...targets.flatMap(({ navigation, logicalName }) =>
      differs(at, `party by ${navigation}`, logicalName, model.navigation(party, navigation)?.target),
    ),
  ];
}

function kebab(label: string | undefined): string | undefined {
  return label
    ?.toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

function differs(subject: string, property: string, ours: unknown, theirs: unknown): readonly Difference[] {
  return ours === theirs ? [] : [{ subject, property, ours, theirs }];
}

/** The differences as an aligned text table. */
export function printDifferences(differences: readonly Difference[]): string {
  const rows = differences.map(({ subject, property, ours, theirs }) => [
    subject,
    property,
    `${ours}`,
    `${theirs}`,
  ]);
  const widths = [0, 1, 2].map((at) => Math.max(0, ...rows.map((row) => row[at]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
