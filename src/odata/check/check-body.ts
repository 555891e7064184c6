import type { Json, JsonObject } from '../../model/json.ts';
import type { MetadataColumn } from '../../model/metadata.ts';
import { bindSuffix, checkBinding, lookupAsValue } from './body-bindings.ts';
import { type Against, type BodyFault, pointerTo } from './body-fault.ts';
import { checkValue } from './body-values.ts';
import type { Schema, TableIndex } from './table-index.ts';

/** What was found, and the body with everything repaired; absent when something could not be. */
export interface CheckedBody {
  readonly faults: readonly BodyFault[];
  readonly corrected?: JsonObject;
}

/** Checks the body of a create or update: names, types, choices, and lookups bound in the right way. */
export function checkBody(body: JsonObject, schema: Schema, table: TableIndex): CheckedBody {
  const checked = Object.entries(body).map(([name, value]) => ({
    name,
    value,
    fault: checkProperty(name, value, { schema, table }),
  }));
  const faults = checked.flatMap(({ fault }) => fault ?? []);
  const settled = faults.every(({ severity, repaired }) => severity === 'warning' || repaired !== undefined);
  if (faults.length === 0 || !settled) return { faults };
  const entries = checked.map(({ name, value, fault }) => [
    fault?.repaired?.name ?? name,
    fault?.repaired?.value ?? value,
  ]);
  return { faults, corrected: Object.fromEntries(entries) };
}

function checkProperty(name: string, value: Json, against: Against): BodyFault | undefined {
  if (name.endsWith(bindSuffix)) return checkBinding(name, value, against);
  if (name.includes('@')) return undefined;
  const { table } = against;
  const column = table.column(name);
  if (column !== undefined && column.type !== 'lookup') return checkValue(name, value, column);
  const lookup = column ?? table.attribute(name) ?? lookupOver(table, name);
  if (lookup?.type === 'lookup' && !isDeep(value)) return lookupAsValue(name, value, { lookup, ...against });
  if (table.navigation(name) !== undefined) return undefined;
  const [best] = table.columnsLike(name);
  return {
    severity: 'error',
    code: 'Q110',
    pointer: pointerTo(name),
    message: `The table ${table.table.name} has no column “${name}”.`,
    ...(best === undefined ? {} : { fix: `Did you mean ${best.name}?` }),
    ...(best === undefined || best.type === 'lookup' ? {} : { repaired: { name: best.name, value } }),
  };
}

/** `customerid_account` with an id as its value. */
function lookupOver(table: TableIndex, name: string): MetadataColumn | undefined {
  const navigation = table.navigation(name);
  return navigation?.column === undefined ? undefined : table.attribute(navigation.column);
}

function isDeep(value: Json): boolean {
  return value === null || typeof value === 'object';
}
