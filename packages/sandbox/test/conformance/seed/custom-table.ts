import type { Attribute, Model } from '../../../src/model/types.ts';
import type { CustomTable } from '../../../src/store/custom-table.ts';
import type { ColumnValue, OrganizationStore } from '../../../src/store/types.ts';
import { type Exchange, firstSegment } from '../exchange.ts';
import { actor } from './rows.ts';
import { parseObject, type Sample } from './sample.ts';

type Request = Exchange['request'];

/**
 * The custom table that a request writes to: its columns are those of the body and of the key in the URL. Undefined
 * for tables of the model and for elastic tables, which the sandbox does not have.
 */
export function customTableOf({ url, body = '' }: Request, model: Model): CustomTable | undefined {
  const set = firstSegment(url) ?? '';
  const [, prefix = ''] = /^(?!msdyn)([a-z][a-z0-9]{1,7})_\w+s$/.exec(set) ?? [];
  const values = parseObject(body);
  if (!prefix || !values || model.tableBySet(set) || /partitionid/.test(url + body)) return undefined;
  const typed = /"Microsoft\.Dynamics\.CRM\.(\w+)"/.exec(body)?.[1];
  const logicalName = typed ?? set.slice(0, -1);
  const names = [...body.matchAll(new RegExp(`"(${prefix}_\\w+)"\\s*:\\s*("|-?\\d)`, 'g'))];
  const columns = new Map(
    names.map(([, name = '', start]) => [name, start === '"' ? 'String' : 'Integer'] as const),
  );
  for (const [name, value] of Object.entries(keyOf(url))) {
    columns.set(name, typeof value === 'number' ? 'Integer' : 'String');
  }
  for (const known of [`${logicalName}id`, `${prefix}_name`]) columns.delete(known);
  const attributes = [...columns].map(([name, type]) => createColumn(name, type));
  return { logicalName, set, primaryName: `${prefix}_name`, attributes };
}

function createColumn(name: string, type: Attribute['type']): Attribute {
  const shape = { required: 'None', validForCreate: true, validForUpdate: true } as const;
  return { logicalName: name, schemaName: name, displayName: name, type, ...shape };
}

/** The columns of an alternate key in a URL: `example_records(example_key1=2,example_key2=2)`. */
function keyOf(url: string): Readonly<Record<string, ColumnValue>> {
  const [, list = ''] = /\/\w+\((\w+=[^)]*)\)/.exec(url) ?? [];
  const pairs = [...list.matchAll(/(\w+)=(?:'([^']*)'|(-?\d+))/g)];
  return Object.fromEntries(pairs.map(([, name = '', text, digits]) => [name, text ?? Number(digits)]));
}

/** Adds the custom table (also one whose definition the URL names), its key, and the row that an update by key presumes. */
export function addCustomTable(store: OrganizationStore, { request, status }: Sample): void {
  const defined = /\/EntityDefinitions\(LogicalName='(\w+)'\)/.exec(request.url)?.[1];
  if (defined && status !== null && status < 300 && !store.model.table(defined)) {
    store.addTable({ logicalName: defined });
  }
  const table = customTableOf(request, store.model);
  if (!table) return;
  store.addTable(table);
  const key = keyOf(request.url);
  if (Object.keys(key).length === 0) return;
  store.addKey(table.logicalName, `${table.logicalName}_key`, Object.keys(key));
  if (status === 200) store.insert(table.logicalName, key, actor);
}
