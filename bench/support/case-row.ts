import type { Table } from '../../src/model/table.ts';
import { formattedValueAnnotation, lookupTableAnnotation } from '../../src/odata/row-annotations.ts';

/** A case as Dataverse sends it, with its display texts: every fourth column that may be empty is empty. */
export function caseRow(table: Table): Readonly<Record<string, unknown>> {
  const row: Record<string, unknown> = {
    '@odata.context': 'https://contoso.crm.dynamics.com/api/data/v9.2/$metadata#incidents/$entity',
    '@odata.etag': 'W/"1234567"',
  };
  for (const [at, column] of table.columns.entries()) {
    const { wireName, type, choices = {}, targets = [] } = column;
    const [value, formatted] =
      at % 4 === 3 && wireName !== table.key
        ? [null, undefined]
        : sampleValue(type, column.name, Object.values(choices).flat()[0]);
    row[wireName] = value;
    if (formatted !== undefined) row[`${wireName}@${formattedValueAnnotation}`] = formatted;
    if (type === 'lookup' && value !== null)
      row[`${wireName}@${lookupTableAnnotation}`] = targets[0]?.logicalName;
  }
  return row;
}

function sampleValue(type: string, name: string, choice = 1): readonly [unknown, string?] {
  if (name === 'description')
    return ['The printer in the second office prints nothing but stars. '.repeat(8)];
  switch (type) {
    case 'uuid':
      return ['a4afaa2e-bdb5-4c39-a33c-dd17b545ed66'];
    case 'lookup':
      return ['b2f9c1d4-77a0-4e0f-9a55-0c3d7b1e8f21', 'Fabrikam, Inc.'];
    case 'choice':
      return [choice, 'A label'];
    case 'date-time':
      return ['2026-01-15T09:30:00Z', '1/15/2026 9:30 AM'];
    case 'boolean':
      return [false, 'No'];
    case 'integer':
      return [1042, '1,042'];
    case 'bigint':
      return [1234567, '1,234,567'];
    default:
      return [`A ${name} of the usual length`];
  }
}
