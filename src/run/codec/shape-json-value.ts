import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { ColumnType } from '../../model/table.ts';
import type { MemberType, PlaceholderType } from '../../model/template.ts';
import { readRowType } from '../../odata/row-type.ts';
import { requireTable } from '../require-table.ts';
import type { Tables } from './encode-lookup.ts';
import { compileRowShaper, compileValueShaper, type ValueShaper } from './shape-row.ts';

/**
 * Compiles the decoder of JSON that Dataverse sends, by its type, at any depth: our names of members, labels of choices,
 * lookups as `{ table, id, name }`, rows of table files. An object has the members of its type and no others, unless it is
 * open. A member that was not sent is omitted.
 *
 * @param wireName the name of the value in the object that has it: display texts are beside the value
 */
export function compileJsonShaper(type: PlaceholderType, tables: Tables, wireName = ''): ValueShaper {
  const shape = compileByKind(type, tables, wireName);
  return (value, wire) => (value === null ? null : shape(value, wire));
}

const unchanged: ValueShaper = (value) => value;

function compileByKind(type: PlaceholderType, tables: Tables, wireName: string): ValueShaper {
  switch (type.kind) {
    case 'array': {
      const shape = type.items && compileJsonShaper(type.items, tables);
      if (shape === undefined) return unchanged;
      return (value) => (isJsonArray(value) ? value.map((item) => shape(item, {})) : value);
    }
    case 'object': {
      const shape = compileMembers(type, tables);
      return (value) => (isJsonObject(value) ? shape(value) : value);
    }
    case 'row': {
      const shape = compileRowShaper(requireTable({ tables }, type.table ?? ''));
      return (value) => (isJsonObject(value) ? shape(value) : value);
    }
    case 'lookup': {
      const shape = compileScalar(type, wireName);
      return (value, wire) => (isJsonObject(value) ? shapeEntity(value, type) : shape(value, wire));
    }
    case 'choice':
    case 'choices':
    case 'bigint':
      return compileScalar(type, wireName);
    default:
      return unchanged;
  }
}

function compileScalar({ kind, choices, targets }: PlaceholderType, wireName: string): ValueShaper {
  return compileValueShaper({ type: kind as ColumnType, choices, targets, wireName }) ?? unchanged;
}

function compileMembers(
  { members = {}, isOpen }: PlaceholderType,
  tables: Tables,
): (wire: JsonObject) => JsonObject {
  const shapers = Object.entries(members).map(([name, member]) => ({
    name,
    candidates: wireNamesOf(member).map(
      (wireName) => [wireName, compileJsonShaper(member.type, tables, wireName)] as const,
    ),
  }));
  return (wire) => {
    const shaped: Record<string, Json> = {};
    const read = new Set<string>();
    for (const { name, candidates } of shapers) {
      const found = candidates.find(([wireName]) => Object.hasOwn(wire, wireName));
      if (found === undefined) continue;
      const [wireName, shape] = found;
      read.add(wireName);
      shaped[name] = shape(wire[wireName] ?? null, wire);
    }
    if (isOpen !== true) return shaped;
    const others = Object.entries(wire).filter(([name]) => !read.has(name) && !Object.hasOwn(shaped, name));
    return { ...Object.fromEntries(others), ...shaped };
  };
}

/** A row of Dataverse has the column of a member; another response has its own name. */
function wireNamesOf({ column, wireName }: MemberType): readonly string[] {
  return column === undefined ? [wireName] : [column, wireName];
}

/** A row in the response of an action, as a reference: `{ table, id }`. */
function shapeEntity(row: JsonObject, { targets = [] }: PlaceholderType): JsonObject {
  const type = readRowType(row) ?? '';
  const target =
    targets.find(({ logicalName }) => logicalName === type) ?? (type === '' ? targets[0] : undefined);
  const { table = type, logicalName = type, key = `${logicalName}id` } = target ?? {};
  return { table, id: row[key] ?? row[`${logicalName}id`] ?? null };
}
