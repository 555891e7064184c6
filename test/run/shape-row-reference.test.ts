import { expect } from 'chai';
import fc from 'fast-check';
import { runtimeOf } from '../../src/client/connector.ts';
import { loadConnector } from '../../src/index.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Table, TableColumn } from '../../src/model/table.ts';
import { readFormattedValue, readLookupLogicalName } from '../../src/odata/row-annotations.ts';
import { compileRowShaper } from '../../src/run/codec/shape-row.ts';
import '../support/fixed-seed.ts';
import { rowsOf } from './compiled-calls.ts';

/** What the decoder of rows must do, in the plainest way: it looks everything up for each value. */
function referenceRow(table: Table, wire: JsonObject): JsonObject {
  const members = table.columns.flatMap((column): [string, Json][] => {
    const value = wire[column.wireName];
    return value === undefined
      ? []
      : [[column.name, value === null ? null : referenceValue(column, value, wire)]];
  });
  return Object.fromEntries(members);
}

function referenceValue(column: TableColumn, value: Json, wire: JsonObject): Json {
  const label = (number: Json, shown: string | undefined): Json => {
    const entries = Object.entries(column.choices ?? {});
    const own = entries.find(([, known]) => known === number);
    const shared = entries.findLast(([, known]) => Array.isArray(known) && known.includes(Number(number)));
    return own?.[0] ?? { value: number, label: shared?.[0] ?? shown ?? null };
  };
  const shown = readFormattedValue(wire, column.wireName);
  switch (column.type) {
    case 'choice':
      return label(value, shown);
    case 'choices':
      return String(value)
        .split(',')
        .map((number) => label(Number(number), undefined));
    case 'bigint':
      return String(value);
    case 'lookup': {
      const targets = column.targets ?? [];
      const logicalName = readLookupLogicalName(wire, column.wireName);
      const target = targets.find((one) => one.logicalName === logicalName);
      const only = targets.length === 1 ? targets[0]?.table : undefined;
      return { table: target?.table ?? logicalName ?? only ?? null, id: value, name: shown ?? null };
    }
    default:
      return value;
  }
}

describe('compileRowShaper', () => {
  it('decodes random rows of all tables like a decoder that looks everything up', async () => {
    const { tables } = runtimeOf(await loadConnector()).definition;
    for (const table of Object.values(tables)) {
      const shape = compileRowShaper(table);
      fc.assert(
        fc.property(rowsOf(table), (wire) => {
          expect(shape(wire)).to.deep.equal(referenceRow(table, wire));
        }),
        { numRuns: 20 },
      );
    }
  });
});
