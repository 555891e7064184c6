import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Issue } from '../../model/diagnostic.ts';
import { isGuid } from '../../model/guid.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { MetadataOperations, MetadataParameter } from '../../model/metadata.ts';
import { readRowType } from '../row-type.ts';
import { collectionItemType } from './read-operations.ts';
import { isTableOfType } from './resolve-operation.ts';
import { expectedScalar } from './scalar-types.ts';

/** The metadata that arguments are checked against. */
export interface ArgumentCheckContext {
  readonly known: MetadataOperations;
  /** Logical names of the organization's tables. */
  readonly tables: ReadonlySet<string>;
}

/** A reference to an existing row. */
export interface RowReference {
  readonly table: string;
  readonly id: string;
}

/** Types that rows of different tables have. */
const polymorphicTypes = ['crmbaseentity', 'principal', 'activitypointer'];

/** Checks the arguments of an operation and returns all issues. The messages never contain a value. */
export function checkArguments(
  parameters: readonly MetadataParameter[],
  given: JsonObject,
  context: ArgumentCheckContext,
): readonly Issue[] {
  return checkMembers(parameters, given, { ...context, path: '/parameters' });
}

interface ArgumentPosition extends ArgumentCheckContext {
  readonly path: string;
}

function checkMembers(
  members: readonly MetadataParameter[],
  given: JsonObject,
  position: ArgumentPosition,
): readonly Issue[] {
  const names = members.map(({ name }) => name);
  const unknown = Object.keys(given).filter((name) => !names.includes(name) && !name.startsWith('@'));
  const missing = members.filter(({ name, required }) => required && !Object.hasOwn(given, name));
  const present = members.filter(({ name }) => Object.hasOwn(given, name));
  return [
    ...unknown.map((name) =>
      issue(`${position.path}/${name}`, `is not a parameter${didYouMean(name, names)}`),
    ),
    ...missing.map(({ name }) => issue(position.path, `"${name}" is required`, 'required')),
    ...present.flatMap((member) => checkMember(member, given[member.name] ?? null, position)),
  ];
}

function checkMember(member: MetadataParameter, value: Json, position: ArgumentPosition): readonly Issue[] {
  const at = { ...position, path: `${position.path}/${member.name}` };
  if (value === null) return member.required ? [issue(at.path, 'must not be null')] : [];
  return checkValue(member.type, value, at);
}

function checkValue(type: string, value: Json, position: ArgumentPosition): readonly Issue[] {
  const item = collectionItemType(type);
  if (item !== undefined) {
    if (!isJsonArray(value)) return [issue(position.path, 'must be a list')];
    return value.flatMap((one, at) => checkValue(item, one, { ...position, path: `${position.path}/${at}` }));
  }
  const { enumTypes, complexTypes } = position.known;
  const enumType = Object.hasOwn(enumTypes, type) ? enumTypes[type] : undefined;
  if (enumType !== undefined) return checkEnum(enumType, value, position.path);
  const members = Object.hasOwn(complexTypes, type) ? complexTypes[type] : undefined;
  if (members !== undefined) {
    return isJsonObject(value)
      ? checkMembers(members, value, position)
      : [issue(position.path, 'must be an object')];
  }
  if (isRowType(position, type)) return checkRow(type, value, position);
  const expected = expectedScalar(type, value);
  return expected === undefined ? [] : [issue(position.path, `must be ${expected}`)];
}

function checkEnum(
  { members, flags }: MetadataOperations['enumTypes'][string],
  value: Json,
  path: string,
): readonly Issue[] {
  const names = Object.keys(members);
  if (typeof value === 'number' && Object.values(members).includes(value)) return [];
  const given = flags
    ? String(value)
        .split(',')
        .map((name) => name.trim())
    : [String(value)];
  const wrong = given.filter((name) => !names.includes(name));
  if (typeof value === 'string' && wrong.length === 0) return [];
  const shown = `${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`;
  return [
    issue(path, `must be ${flags ? 'some' : 'one'} of: ${shown}${didYouMean(wrong[0] ?? '', names)}`, 'enum'),
  ];
}

/** Whether a type is the type of a row. Values of unknown types are not checked. */
export function isRowType({ tables }: Pick<ArgumentCheckContext, 'tables'>, type: string): boolean {
  return polymorphicTypes.includes(type) || tables.has(type);
}

function checkRow(type: string, value: Json, { path, known, tables }: ArgumentPosition): readonly Issue[] {
  if (!isJsonObject(value)) return [issue(path, 'must be a row: { table, id }, or its columns')];
  if (Object.hasOwn(value, '@odata.id')) return [];
  const table = readRowTable(value);
  if (table === undefined) {
    const message = 'must name its table: { table, id }, or "@odata.type" among its columns';
    return polymorphicTypes.includes(type) ? [issue(path, message, 'required')] : [];
  }
  if (isRowReference(value) && !isGuid(value.id))
    return [issue(`${path}/id`, 'must be an id: 00000000-0000-0000-0000-000000000000', 'format')];
  if (!tables.has(table))
    return [issue(path, `names a table that the organization does not have${didYouMean(table, tables)}`)];
  return isTableOfType(known, table, type) ? [] : [issue(path, `must be a row of ${type}`)];
}

/** The table that a row names, in `{ table, id }` or in `@odata.type`. */
export function readRowTable(value: JsonObject): string | undefined {
  return isRowReference(value) ? value.table : readRowType(value);
}

/** Whether a value is `{ table, id }`, without other members. */
export function isRowReference(value: Json): value is Json & RowReference {
  if (!isJsonObject(value)) return false;
  const { table, id } = value;
  return typeof table === 'string' && typeof id === 'string' && Object.keys(value).length === 2;
}

function issue(path: string, message: string, keyword = 'type'): Issue {
  return { path, message, keyword };
}
