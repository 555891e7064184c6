import type { TableModel } from '../../../src/model/types.ts';
import { PlugInError } from '../../../src/plug-in.ts';
import type { SandboxOrganization } from '../../../src/sandbox-organization.ts';
import type { ColumnValues, OrganizationStore } from '../../../src/store/types.ts';
import { firstSegment, type Json } from '../exchange.ts';
import { actor } from './rows.ts';
import { parseObject, type Sample } from './sample.ts';

/** Brings the organization into the state in which the request fails as documented or recorded. */
export function presumeError({ store, plugIns }: SandboxOrganization, { request, json }: Sample): void {
  const error = json?.error as { readonly code?: unknown; readonly message?: unknown } | undefined;
  const table = store.model.tableBySet(firstSegment(request.url) ?? '');
  const values = parseObject(request.body);
  if (!error || !table || !values || request.method !== 'POST') return;
  const message = String(error.message ?? '');
  if (error.code === '0x80040265') {
    const run = () => {
      throw new PlugInError(message, {
        operationStatus: detail(error, 'OperationStatus'),
        subErrorCode: detail(error, 'SubErrorCode'),
      });
    };
    plugIns.push({ message: 'Create', table: table.logicalName, mode: 'sync', run });
  }
  if (error.code === '0x80040237') insertKnownColumns(store, table, values);
  if (error.code === '0x80060892') {
    const label = /same value for (.+?) already exists/.exec(message)?.[1];
    const column = table.attributes.find(({ displayName }) => displayName === label);
    if (!column) return;
    const name = /Entity Key (.+?) violated/.exec(message)?.[1] ?? column.displayName;
    const logicalName = `new_${name.toLowerCase().replaceAll(' ', '')}`;
    store.addKey(table.logicalName, logicalName, [column.logicalName], name);
    const taken = values[column.logicalName];
    store.insert(
      table.logicalName,
      { [column.logicalName]: typeof taken === 'string' ? taken : null },
      actor,
    );
  }
}

/** A number that a plug-in gave with its error. */
function detail(error: object, name: string): number | undefined {
  const value = (error as Json)[`@Microsoft.PowerApps.CDS.ErrorDetails.${name}`];
  return value === undefined ? undefined : Number(value);
}

/** Inserts a row with the plain values of a request body. */
function insertKnownColumns(store: OrganizationStore, table: TableModel, values: Json): void {
  const known = Object.entries(values).filter(([name]) => store.model.attribute(table, name));
  store.insert(table.logicalName, Object.fromEntries(known) as ColumnValues, actor);
}
