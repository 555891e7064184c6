import { suggest } from '../../errors/suggest.ts';
import type { Issue } from '../../model/diagnostic.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { MetadataOperations, MetadataParameter } from '../../model/metadata.ts';
import { isOf } from './find-operation.ts';
import { itemType } from './read-operations.ts';
import { scalarFault } from './scalars.ts';

/** What arguments are held against. */
export interface Checking {
  readonly known: MetadataOperations;
  /** Logical names of the organisation's tables. */
  readonly tables: ReadonlySet<string>;
}

/** A row that is there already, in our words. */
export interface RowReference {
  readonly table: string;
  readonly id: string;
}

/** Kinds of row that say nothing of the table. */
const kindsOfRow = ['crmbaseentity', 'principal', 'activitypointer'];

/** Everything that is wrong with the arguments of an operation, each with its place. Never a value. */
export function checkArguments(
  parameters: readonly MetadataParameter[],
  given: JsonObject,
  checking: Checking,
): readonly Issue[] {
  return checkMembers(parameters, given, { ...checking, path: '/parameters' });
}

interface Place extends Checking {
  readonly path: string;
}

function checkMembers(
  members: readonly MetadataParameter[],
  given: JsonObject,
  place: Place,
): readonly Issue[] {
  const names = members.map(({ name }) => name);
  const unknown = Object.keys(given).filter((name) => !names.includes(name) && !name.startsWith('@'));
  const missing = members.filter(({ name, required }) => required && !Object.hasOwn(given, name));
  const present = members.filter(({ name }) => Object.hasOwn(given, name));
  return [
    ...unknown.map((name) => issue(`${place.path}/${name}`, `is no parameter${near(name, names)}`)),
    ...missing.map(({ name }) => issue(place.path, `"${name}" is required`, 'required')),
    ...present.flatMap((member) => checkMember(member, given[member.name]!, place)),
  ];
}

function checkMember(member: MetadataParameter, value: Json, place: Place): readonly Issue[] {
  const at = { ...place, path: `${place.path}/${member.name}` };
  if (value === null) return member.required ? [issue(at.path, 'must not be null')] : [];
  return checkValue(member.type, value, at);
}

function checkValue(type: string, value: Json, place: Place): readonly Issue[] {
  const item = itemType(type);
  if (item !== undefined) {
    if (!isList(value)) return [issue(place.path, 'must be a list')];
    return value.flatMap((one, at) => checkValue(item, one, { ...place, path: `${place.path}/${at}` }));
  }
  const { enums, complex } = place.known;
  if (Object.hasOwn(enums, type)) return checkEnum(enums[type]!, value, place.path);
  if (Object.hasOwn(complex, type)) {
    return isObject(value)
      ? checkMembers(complex[type]!, value, place)
      : [issue(place.path, 'must be an object')];
  }
  if (isRow(place, type)) return checkRow(type, value, place);
  const fault = scalarFault(type, value);
  return fault === undefined ? [] : [issue(place.path, `must be ${fault}`)];
}

function checkEnum(
  { members, flags }: MetadataOperations['enums'][string],
  value: Json,
  path: string,
): readonly Issue[] {
  const names = Object.keys(members);
  if (typeof value === 'number' && Object.values(members).includes(value)) return [];
  const wrong = String(value)
    .split(flags ? /\s*,\s*/ : /$^/)
    .filter((name) => !names.includes(name));
  if (typeof value === 'string' && wrong.length === 0) return [];
  const shown = `${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`;
  return [
    issue(path, `must be ${flags ? 'some' : 'one'} of: ${shown}${near(wrong[0] ?? '', names)}`, 'enum'),
  ];
}

/** Is this the type of a row? Other types that are not known take anything. */
export function isRow({ tables }: Pick<Checking, 'tables'>, type: string): boolean {
  return kindsOfRow.includes(type) || tables.has(type);
}

function checkRow(type: string, value: Json, { path, known, tables }: Place): readonly Issue[] {
  if (!isObject(value)) return [issue(path, 'must be a row: { table, id }, or its columns')];
  if (Object.hasOwn(value, '@odata.id')) return [];
  const table = tableOfRow(value);
  if (table === undefined) {
    const message = 'must say which table it is of: { table, id }, or "@odata.type" among its columns';
    return kindsOfRow.includes(type) ? [issue(path, message, 'required')] : [];
  }
  if (!tables.has(table))
    return [issue(path, `names a table that the organisation has not${near(table, tables)}`)];
  return isOf(known, table, type) ? [] : [issue(path, `must be a row of ${type}`)];
}

/** The table that a row names: `{ table, id }`, or `@odata.type` among its columns. */
export function tableOfRow(value: JsonObject): string | undefined {
  if (isReference(value)) return value.table;
  const type = value['@odata.type'];
  return typeof type === 'string' ? type.replace(/^#?Microsoft\.Dynamics\.CRM\./, '') : undefined;
}

/** `{ table, id }` and nothing else. */
export function isReference(value: Json): value is Json & RowReference {
  if (!isObject(value)) return false;
  const { table, id } = value;
  return typeof table === 'string' && typeof id === 'string' && Object.keys(value).length === 2;
}

/** An object, not a list. */
export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list. */
export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function issue(path: string, message: string, keyword = 'type'): Issue {
  return { path, message, keyword };
}

function near(wrong: string, names: Iterable<string>): string {
  const [best] = suggest(wrong, names, 1);
  return best === undefined ? '' : `: did you mean "${best}"?`;
}
