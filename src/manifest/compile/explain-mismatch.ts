import { joinWithOr } from '../../errors/join-with-or.ts';
import type { Json, JsonSchema } from '../../model/json.ts';

/**
 * Why no value of one schema is accepted by another: `takes an id, not free text`. Undefined if some are: a choice of a
 * row can be a number that the schema of an input does not have, which the run reports.
 */
export function explainMismatch(given: JsonSchema, accepted: JsonSchema): string | undefined {
  const [from, to] = [branchesOf(given), branchesOf(accepted)];
  if (from.some((one) => to.some((other) => fits(one, other)))) return undefined;
  const [wanted, got] = [describe(to), describe(from)];
  return wanted === got ? `takes other values than these` : `takes ${wanted}, not ${got}`;
}

function branchesOf(schema: JsonSchema): readonly JsonSchema[] {
  const branches = (schema.anyOf ?? schema.oneOf ?? [schema]) as readonly JsonSchema[];
  const values = branches.filter((branch) => typesOf(branch).some((type) => type !== 'null'));
  return values.length === 0 ? branches : values;
}

function fits(given: JsonSchema, accepted: JsonSchema): boolean {
  const [from, to] = [typesOf(given), typesOf(accepted)];
  const isAny = from.includes('any') || to.includes('any');
  const shared = from.filter((type) => to.includes(type) || (type === 'integer' && to.includes('number')));
  if (!isAny && shared.length === 0) return false;
  if (!isAny && shared.every((type) => type === 'string') && !fitsText(given, accepted)) return false;
  return shared[0] !== 'object' || fitsReference(given, accepted);
}

/** A text of a format, or of a list of labels, accepts no other text. */
function fitsText(given: JsonSchema, accepted: JsonSchema): boolean {
  if (accepted.format !== undefined && accepted.format !== given.format) return false;
  const allowed = accepted.enum as readonly Json[] | undefined;
  if (allowed === undefined) return true;
  return ((given.enum ?? []) as readonly Json[]).some((value) => allowed.includes(value));
}

/** References to rows have a list of tables. */
function fitsReference(given: JsonSchema, accepted: JsonSchema): boolean {
  const [from, to] = [tablesOf(given), tablesOf(accepted)];
  return to === undefined || from?.some((table) => to.includes(table)) === true;
}

function tablesOf({ properties }: JsonSchema): readonly Json[] | undefined {
  const { table } = (properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  return table?.enum as readonly Json[] | undefined;
}

function typesOf({ type, enum: values, properties }: JsonSchema): readonly string[] {
  if (type !== undefined) return [type].flat().map(String);
  if (Array.isArray(values))
    return [...new Set(values.map((value) => (value === null ? 'null' : typeof value)))];
  return properties === undefined ? ['any'] : ['object'];
}

const formatNames: Readonly<Record<string, string>> = {
  uuid: 'an id',
  date: 'a date',
  'date-time': 'a date and time',
  email: 'an email address',
};

const typeNames: Readonly<Record<string, string>> = {
  string: 'free text',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

function describe(branches: readonly JsonSchema[]): string {
  const names = branches.flatMap((branch) => {
    const tables = tablesOf(branch);
    if (tables !== undefined) return [`a row of ${joinWithOr(tables.map(String))}`];
    if (Array.isArray(branch.enum))
      return [`one of: ${branch.enum.filter((value) => value !== null).join(', ')}`];
    const known = formatNames[String(branch.format)];
    return known !== undefined
      ? [known]
      : typesOf(branch).flatMap((type) => (type === 'null' ? [] : [typeNames[type] ?? 'any value']));
  });
  return joinWithOr([...new Set(names)]);
}
