import { readFileSync } from 'node:fs';
import { createStandardModel } from '../src/model/standard-model.ts';
import type { Attribute, TableModel } from '../src/model/types.ts';
import type { RealColumn, RealTables } from './model/real-tables.ts';

// Compares the standard tables with serialized metadata of organizations (`tables-full.json`) and counts the
// differences of columns by kind.
// Usage: node --conditions=development packages/sandbox/scripts/compare-model.ts <tables-full.json> [kind]

const [, , file, kind] = process.argv;
if (!file) throw new Error('Usage: compare-model.ts <tables-full.json> [kind]');

interface Difference {
  readonly kind: string;
  readonly column: string;
  readonly model: unknown;
  readonly real: unknown;
}

const numberTypes: ReadonlySet<string> = new Set(['Integer', 'Decimal', 'Double', 'Money']);
/** Columns that the model does not store: they are derived from others, or belong to a solution. */
const isDerived = (column: RealColumn): boolean =>
  column.attributeOf !== undefined ||
  column.isCustom === true ||
  ['Virtual', 'ManagedProperty'].includes(column.type) ||
  /^(?!address\d_)[a-z0-9]+_(?!base$|timestamp$|url$|composite$|date$|state$)/.test(column.logicalName);

const values = (options: RealColumn['options'], min = 0): string =>
  [...(options ?? [])]
    .filter(({ value }) => min === 0 || value < min)
    .map(({ value, label }) => `${value} ${label}`)
    .sort()
    .join('; ');

/** The type that the model uses for a column. The URL of an image is text. */
const typeOf = ({ type, logicalName }: RealColumn): string => {
  if (type !== 'Image') return type;
  return logicalName.endsWith('_url') ? 'String' : 'File';
};

function compareColumn(table: TableModel, column: Attribute, real: RealColumn): Difference[] {
  const differences: Difference[] = [];
  const compare = (name: string, model: unknown, expected: unknown) => {
    if (expected === undefined || model === expected) return;
    differences.push({
      kind: name,
      column: `${table.logicalName}.${column.logicalName}`,
      model,
      real: expected,
    });
  };
  compare('type', column.type, typeOf(real));
  compare('schemaName', column.schemaName, real.schemaName);
  compare('displayName', column.displayName, real.displayName);
  compare('required', column.required, real.required === 'Required' ? 'ApplicationRequired' : real.required);
  compare('create', column.validForCreate, real.validForCreate ?? (real.readOnly ? false : undefined));
  compare('update', column.validForUpdate, real.validForUpdate ?? (real.readOnly ? false : undefined));
  if (numberTypes.has(column.type)) {
    compare(
      'range',
      `${column.min ?? ''} ${column.max ?? ''}`,
      `${real.min ?? column.min ?? ''} ${real.max ?? column.max ?? ''}`,
    );
    compare('precision', column.precision, real.precision);
  }
  if (column.type === 'String' || column.type === 'Memo')
    compare('maxLength', column.maxLength, real.maxLength);
  if (column.type === 'Boolean') {
    compare(
      'labels',
      values(
        column.options ?? [
          { value: 0, label: 'No' },
          { value: 1, label: 'Yes' },
        ],
      ),
      real.options && values(real.options),
    );
  }
  if (['Picklist', 'State', 'Status'].includes(column.type)) {
    compare(
      'options',
      values(column.options, 100_000_000),
      real.options && values(real.options, 100_000_000),
    );
  }
  const firstState = column.type === 'State' ? column.options?.[0]?.value : undefined;
  if (real.default !== -1) compare('default', column.default ?? firstState, real.default);
  const targets = (real.targets ?? []).filter((target) => !target.includes('_'));
  const own = new Set(
    (column.targets ?? []).flatMap((to) => (to.table === 'principal' ? ['systemuser', 'team'] : [to.table])),
  );
  const missing = targets.filter((target) => !own.has(target));
  if (missing.length > 0) compare('targets', [...own].join(' '), targets.join(' '));
  return differences;
}

function compareTable(table: TableModel, realTable: RealTables[string]): Difference[] {
  const columns = [...table.attributes, ...(table.metadataColumns ?? [])];
  const byName = new Map(columns.map((column) => [column.logicalName, column]));
  return realTable.attributes
    .filter((real) => !isDerived(real))
    .flatMap((real): Difference[] => {
      const column = byName.get(real.logicalName);
      if (column) return compareColumn(table, column, real);
      return [
        {
          kind: 'missing',
          column: `${table.logicalName}.${real.logicalName}`,
          model: undefined,
          real: real.type,
        },
      ];
    });
}

const real = JSON.parse(readFileSync(file, 'utf8')) as RealTables;
const { tables } = createStandardModel();
const differences = [...tables.values()].flatMap((table) => {
  const realTable = real[table.logicalName];
  return realTable ? compareTable(table, realTable) : [];
});
const counts = Object.groupBy(differences, (each) => each.kind);
for (const [name, found] of Object.entries(counts)) console.log(`${name}: ${found?.length}`);
for (const each of differences) {
  if (each.kind === kind) console.log(`${each.column}: ${String(each.model)} | ${String(each.real)}`);
}
