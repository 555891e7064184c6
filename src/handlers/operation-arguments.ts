import type { MetadataSource } from '../metadata/service.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { MetadataOperation, MetadataParameter } from '../model/metadata.ts';
import {
  type Checking,
  isList,
  isObject,
  isReference,
  isRow,
  type RowReference,
} from '../odata/operations/check-arguments.ts';
import { isOf } from '../odata/operations/find-operation.ts';
import { itemType } from '../odata/operations/read-operations.ts';
import { setOf } from '../run/organisation-table.ts';

/** What arguments are written with. */
export interface Writing extends Checking {
  readonly source: MetadataSource;
}

const namespace = 'Microsoft.Dynamics.CRM.';

/**
 * Checked arguments as Dataverse takes them: rows with their type and key (of a function: with their address),
 * members of enumerations by their names.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/use-web-api-actions
 */
export async function writeArguments(
  { kind, parameters }: MetadataOperation,
  given: JsonObject,
  writing: Writing,
): Promise<JsonObject> {
  const writeRow = kind === 'action' ? writeTyped : writeAddress;
  return await writeMembers(parameters, given, { ...writing, writeRow });
}

interface Writer extends Writing {
  readonly writeRow: (row: RowReference, writing: Writing) => Promise<JsonObject>;
}

async function writeMembers(
  members: readonly MetadataParameter[],
  given: JsonObject,
  writer: Writer,
): Promise<JsonObject> {
  const types = new Map(members.map(({ name, type }) => [name, type]));
  const entries = Object.entries(given).map(async ([name, value]) => {
    return [name, await writeValue(types.get(name) ?? '', value, writer)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function writeValue(type: string, value: Json, writer: Writer): Promise<Json> {
  const item = itemType(type);
  if (item !== undefined && isList(value)) {
    return await Promise.all(value.map((one) => writeValue(item, one, writer)));
  }
  const { enums, complex } = writer.known;
  if (typeof value === 'number' && Object.hasOwn(enums, type)) {
    return Object.entries(enums[type]!.members).find(([, number]) => number === value)?.[0] ?? value;
  }
  if (!isObject(value)) return value;
  if (Object.hasOwn(complex, type)) return await writeMembers(complex[type]!, value, writer);
  if (!isRow(writer, type)) return value;
  if (isReference(value)) return await writer.writeRow(value, writer);
  const isSaid = Object.hasOwn(value, '@odata.type') || Object.hasOwn(value, '@odata.id');
  return isSaid ? value : { '@odata.type': `${namespace}${type}`, ...value };
}

async function writeTyped({ table, id }: RowReference, { known, source }: Writing): Promise<JsonObject> {
  // Users and teams are known by the key of what they both are.
  const key = isOf(known, table, 'principal') ? 'ownerid' : (await source.table(table))?.key;
  return { '@odata.type': `${namespace}${table}`, [key ?? `${table}id`]: id };
}

async function writeAddress({ table, id }: RowReference, { source }: Writing): Promise<JsonObject> {
  return { '@odata.id': `${await setOf(source, table)}(${id})` };
}
