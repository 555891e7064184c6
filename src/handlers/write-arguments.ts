import type { MetadataSource } from '../metadata/metadata-service.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { MetadataOperation, MetadataParameter } from '../model/metadata.ts';
import { ownValue } from '../model/own-value.ts';
import {
  type ArgumentCheckContext,
  isRowReference,
  isRowType,
  type RowReference,
} from '../odata/operations/check-arguments.ts';
import { collectionItemType } from '../odata/operations/read-operations.ts';
import { withRowType } from '../odata/row-type.ts';
import { findEntitySet } from '../run/metadata-table.ts';

/** The metadata that `writeArguments` needs. */
export interface ArgumentContext extends ArgumentCheckContext {
  readonly source: MetadataSource;
}

/**
 * Writes checked arguments in Dataverse's form: row references with type and key (for a function: with `@odata.id`),
 * numbers of enumeration members as their names.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/use-web-api-actions
 */
export async function writeArguments(
  { kind, parameters }: MetadataOperation,
  given: JsonObject,
  writing: ArgumentContext,
): Promise<JsonObject> {
  const writeRow = kind === 'action' ? writeEntityReference : writeEntityUrl;
  return await writeMembers(parameters, given, { ...writing, writeRow });
}

interface ArgumentWriter extends ArgumentContext {
  readonly writeRow: (row: RowReference, writing: ArgumentContext) => Promise<JsonObject>;
}

async function writeMembers(
  members: readonly MetadataParameter[],
  given: JsonObject,
  writer: ArgumentWriter,
): Promise<JsonObject> {
  const types = new Map(members.map(({ name, type }) => [name, type]));
  const entries = Object.entries(given).map(async ([name, value]) => {
    return [name, await writeValue(types.get(name) ?? '', value, writer)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function writeValue(type: string, value: Json, writer: ArgumentWriter): Promise<Json> {
  const item = collectionItemType(type);
  if (item !== undefined && isJsonArray(value)) {
    return await Promise.all(value.map((one) => writeValue(item, one, writer)));
  }
  const enumType = ownValue(writer.known.enumTypes, type);
  if (typeof value === 'number' && enumType !== undefined) {
    return Object.entries(enumType.members).find(([, number]) => number === value)?.[0] ?? value;
  }
  if (!isJsonObject(value)) return value;
  const members = ownValue(writer.known.complexTypes, type);
  if (members !== undefined) return await writeMembers(members, value, writer);
  if (!isRowType(writer, type)) return value;
  if (isRowReference(value)) return await writer.writeRow(value, writer);
  const hasType = Object.hasOwn(value, '@odata.type') || Object.hasOwn(value, '@odata.id');
  return hasType ? value : withRowType(type, value);
}

async function writeEntityReference(
  { table, id }: RowReference,
  { source }: ArgumentContext,
): Promise<JsonObject> {
  const key = (await source.getTable(table))?.key;
  return withRowType(table, { [key ?? `${table}id`]: id });
}

async function writeEntityUrl({ table, id }: RowReference, { source }: ArgumentContext): Promise<JsonObject> {
  return { '@odata.id': `${await findEntitySet(source, table)}(${id})` };
}
