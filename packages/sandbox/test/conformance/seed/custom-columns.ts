import type { AttributeType, TableModel } from '../../../src/model/types.ts';
import type { OrganizationStore } from '../../../src/store/types.ts';
import { firstSegment, type Json } from '../exchange.ts';
import type { Sample } from './sample.ts';

const shape = { required: 'None', validForCreate: true, validForUpdate: true } as const;

/** Adds the columns of a customer's or partner's solution that a sample shows. */
export function addCustomColumns(store: OrganizationStore, { request, json }: Sample): void {
  for (const name of new Set(`${request.url} ${request.body}`.match(/\bsample_\w+/g))) {
    addColumn(store, store.model.table('account'), name, name.endsWith('_name') ? 'String' : 'File');
  }
  const context = /#(\w+)/.exec(String(json?.['@odata.context']))?.[1];
  const table = store.model.tableBySet(context ?? firstSegment(request.url) ?? '');
  const rows = Array.isArray(json?.value) ? (json.value as Json[]) : [json ?? {}];
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      const type = customType(name, value);
      if (type) addColumn(store, table, name, type);
    }
  }
}

/** The type of a column with the prefix of a publisher outside Microsoft's own solutions; undefined for the others. */
function customType(name: string, value: unknown): AttributeType | undefined {
  if (!/^(?!msdyn)[a-z][a-z0-9]{1,7}_[a-z]\w+$/.test(name) || /^(?:address|entityimage)/.test(name))
    return undefined;
  if (typeof value === 'boolean') return 'Boolean';
  if (typeof value === 'number') return Number.isInteger(value) ? 'Integer' : 'Decimal';
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return 'DateTime';
  return typeof value === 'string' || value === null ? 'String' : undefined;
}

function addColumn(
  store: OrganizationStore,
  table: TableModel | undefined,
  name: string,
  type: AttributeType,
): void {
  // An added column replaces the table's model.
  const current = table && store.model.table(table.logicalName);
  if (!current || current.view) return;
  if (store.model.property(current, name) || store.model.navigation(current, name)) return;
  store.addColumn(current.logicalName, {
    logicalName: name,
    schemaName: name,
    displayName: name,
    type,
    ...shape,
  });
}
