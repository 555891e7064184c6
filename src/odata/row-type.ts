import type { JsonObject } from '../model/json.ts';
import { ownValue } from '../model/own-value.ts';
import { crmNamespace } from './query/query-functions.ts';

/**
 * A row with the type that tells Dataverse its table, for the parameters of actions and functions.
 *
 * @example withRowType('account', { accountid }) // { '@odata.type': 'Microsoft.Dynamics.CRM.account', accountid }
 */
export function withRowType(logicalName: string, row: JsonObject): JsonObject {
  return { '@odata.type': crmNamespace + logicalName, ...row };
}

/** The logical name in the type of a row, which a response writes with "#"; undefined for a row without a type. */
export function readRowType(row: JsonObject): string | undefined {
  const type = ownValue(row, '@odata.type');
  if (typeof type !== 'string') return undefined;
  const name = type.replace(/^#/, '');
  return name.startsWith(crmNamespace) ? name.slice(crmNamespace.length) : name;
}
