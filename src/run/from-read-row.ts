import { isJsonArray, isJsonObject, type Json, type JsonObject, type JsonSchema } from '../model/json.ts';
import { expandedName, type LookupTarget, type Table } from '../model/table.ts';
import { findTarget, type Tables } from './codec/encode-lookup.ts';

/** What the members of a row mean. */
export interface RowMeaning {
  readonly table: Table;
  /** The known tables, by our names. */
  readonly tables: Tables;
  /** JSON Schema of the input of the action that writes the row. */
  readonly input: JsonSchema;
}

/** Columns that only a row has that was read. */
const stamps: readonly string[] = ['versionnumber', 'modifiedon'];

/** Our names of those columns, as far as they are not inputs. */
function stampNamesOf({ columns }: Table, { properties }: JsonSchema): readonly string[] {
  const inputs = isJsonObject(properties) ? properties : {};
  return columns
    .filter(({ logicalName, name }) => stamps.includes(logicalName) && !Object.hasOwn(inputs, name))
    .map(({ name }) => name);
}

/**
 * A row of ours or of `record.*` as an action takes it. A row with its version or the time of its last change is one as it
 * was read: the columns that only Dataverse writes are left out, and so is what the read has expanded. Lookups name their
 * tables as we do.
 */
export function fromReadRow(row: JsonObject, { table, tables, input }: RowMeaning): JsonObject {
  const { properties = {} } = input as { readonly properties?: JsonObject };
  const isTaken = (name: string) => Object.hasOwn(properties, name);
  const isWhole = stampNamesOf(table, input).some((name) => (row[name] ?? null) !== null);
  const members = Object.entries(row).filter(
    ([name]) => !isWhole || isTaken(name) || !isMemberOf(table, name),
  );
  const named = members.map(([name, value]) => [
    name,
    typeof value === 'object' && value !== null ? withOwnName(value, targetsOf(table, name), tables) : value,
  ]);
  return Object.fromEntries(named) as JsonObject;
}

/**
 * Compiles whether `fromReadRow` leaves a row as it is, which costs less than reading it. False means that it may change
 * the row.
 */
export function compileReadAsGiven({ table, input }: RowMeaning): (row: JsonObject) => boolean {
  const stampNames = stampNamesOf(table, input);
  const ownNames = new Map(
    [...table.columns, ...(table.parties ?? [])].flatMap(({ name, targets = [] }) =>
      targets.length === 0 ? [] : [[name, new Set(targets.map((target) => target.table))] as const],
    ),
  );
  return (row) => {
    for (const name of stampNames) if ((row[name] ?? null) !== null) return false;
    for (const name of Object.keys(row)) {
      const value = row[name] ?? null;
      const names = typeof value === 'object' && value !== null ? ownNames.get(name) : undefined;
      if (names !== undefined && !isNamedAsOurs(value, names)) return false;
    }
    return true;
  };
}

/** Whether a lookup, or each of a list of them, has our name of its table, or none. */
function isNamedAsOurs(value: Json, names: ReadonlySet<string>): boolean {
  if (isJsonArray(value)) return value.every((item) => isNamedAsOurs(item, names));
  return !isJsonObject(value) || typeof value.table !== 'string' || names.has(value.table);
}

/** Whether rows of the table are read with this member. */
function isMemberOf({ columns, parties = [] }: Table, name: string): boolean {
  return name === expandedName || [...columns, ...parties].some((member) => member.name === name);
}

function targetsOf({ columns, parties = [] }: Table, name: string): readonly LookupTarget[] {
  const column = columns.find((candidate) => candidate.name === name);
  return column?.targets ?? parties.find((candidate) => candidate.name === name)?.targets ?? [];
}

/** A lookup, or a list of them, with our name of its table. Anything else stays as it is. */
function withOwnName(value: Json, targets: readonly LookupTarget[], tables: Tables): Json {
  if (targets.length === 0) return value;
  if (isJsonArray(value)) return value.map((item) => withOwnName(item, targets, tables));
  if (!isJsonObject(value) || typeof value.table !== 'string') return value;
  const target = findTarget(targets, value.table, tables);
  return target === undefined || target.table === value.table ? value : { ...value, table: target.table };
}
