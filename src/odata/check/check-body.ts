import type { Json, JsonObject } from '../../model/json.ts';
import { toJsonPointer } from '../../model/json-pointer.ts';
import type { MetadataColumn } from '../../model/metadata.ts';
import type { BodyCheckContext, BodyIssue } from './body-issue.ts';
import { bindSuffix, checkBinding, reportLookupValue } from './check-binding.ts';
import { checkBodyValue } from './check-body-value.ts';
import type { MetadataSchema, TableIndex } from './table-index.ts';

/** The issues of a body, and the corrected body if all issues could be repaired. */
export interface BodyCheckResult {
  readonly issues: readonly BodyIssue[];
  readonly corrected?: JsonObject;
}

/** Checks the body of a create or update: names, types, choices and bindings of lookups. */
export function checkBody(body: JsonObject, schema: MetadataSchema, table: TableIndex): BodyCheckResult {
  const checked = Object.entries(body).map(([name, value]) => ({
    name,
    value,
    issue: checkProperty(name, value, { schema, table }),
  }));
  const issues = checked.flatMap(({ issue }) => issue ?? []);
  const allRepaired = issues.every(
    ({ severity, repaired }) => severity === 'warning' || repaired !== undefined,
  );
  if (issues.length === 0 || !allRepaired) return { issues };
  const entries = checked.map(({ name, value, issue }) => [
    issue?.repaired?.name ?? name,
    issue?.repaired?.value ?? value,
  ]);
  return { issues, corrected: Object.fromEntries(entries) };
}

function checkProperty(name: string, value: Json, context: BodyCheckContext): BodyIssue | undefined {
  if (name.endsWith(bindSuffix)) return checkBinding(name, value, context);
  if (name.includes('@')) return undefined;
  const { table } = context;
  const column = table.columnByWireName(name);
  if (column !== undefined && column.type !== 'lookup') return checkBodyValue(name, value, column);
  const lookup = column ?? table.columnByLogicalName(name) ?? findLookupColumn(table, name);
  if (lookup?.type === 'lookup' && !isNullOrObject(value))
    return reportLookupValue(name, value, { lookup, ...context });
  if (table.navigation(name) !== undefined) return undefined;
  const [best] = table.similarColumns(name);
  return {
    severity: 'error',
    code: 'Q110',
    pointer: toJsonPointer(name),
    message: `The table ${table.table.name} has no column “${name}”.`,
    fix: best && `Did you mean ${best.name}?`,
    repaired: best === undefined || best.type === 'lookup' ? undefined : { name: best.name, value },
  };
}

/** The lookup of a navigation property (`customerid_account`) that has an id as its value. */
function findLookupColumn(table: TableIndex, name: string): MetadataColumn | undefined {
  const navigation = table.navigation(name);
  return navigation?.column === undefined ? undefined : table.columnByLogicalName(navigation.column);
}

function isNullOrObject(value: Json): boolean {
  return value === null || typeof value === 'object';
}
