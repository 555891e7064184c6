import { joinWithOr } from '../errors/join-with-or.ts';
import { suggest } from '../errors/suggest.ts';
import type { Issue } from '../model/diagnostic.ts';
import { toJsonPointer } from '../model/json-pointer.ts';
import { stringFormats } from './string-formats.ts';

/** What ajv says about one thing (the part of its error object that we read). */
export interface AjvError {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Set where the check of a property's own name failed, below `propertyNames`. */
  readonly propertyName?: string;
  readonly schema?: unknown;
  readonly parentSchema?: unknown;
}

/** A compiled check as ajv makes it; after a value did not fit, `errors` says why. */
export interface ValidateFunction {
  (value: unknown): boolean;
  readonly errors?: readonly AjvError[] | null;
}

type SchemaNode = Readonly<Record<string, unknown>>;

/** Everything that a check has against a value. */
export function collectIssues(validate: ValidateFunction, value: unknown): readonly Issue[] {
  return validate(value) ? [] : toIssues(validate.errors ?? []);
}

/**
 * Ajv's findings as issues for people: one per value and cause, sentences without the value itself.
 * What a branch of `anyOf` found is folded into one sentence of the whole choice, and what stands behind
 * `if` is said without the `if`.
 */
function toIssues(errors: readonly AjvError[]): readonly Issue[] {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  const insideChoice = (error: AjvError) =>
    choices.some((choice) => choice !== error && error.schemaPath.startsWith(`${choice.schemaPath}/`));
  const issues = errors
    .filter((error) => error.keyword !== 'if' && !insideChoice(error))
    // `propertyNames` is told twice: what the name broke, and whose name it was. The second says both.
    .filter(({ propertyName }) => propertyName === undefined)
    .map(toIssue);
  return [...new Map(issues.map((issue) => [`${issue.path} ${issue.message}`, issue])).values()];
}

function toIssue(error: AjvError): Issue {
  const { keyword, instancePath, params } = error;
  const property = params.additionalProperty ?? params.propertyName ?? params.missingProperty;
  const path = typeof property === 'string' ? instancePath + toJsonPointer(property) : instancePath;
  return { path, message: (messages[keyword] ?? fallbackMessage)(error), keyword };
}

const fallbackMessage = ({ keyword }: AjvError) => `does not fit the schema ("${keyword}")`;

const messages: Readonly<Record<string, (finding: AjvError) => string>> = {
  type: ({ params }) => `must be ${describeTypes(params.type)}`,
  enum: ({ params }) => `must be one of: ${joinValues(params.allowedValues)}`,
  const: ({ params }) => `must be ${JSON.stringify(params.allowedValue)}`,
  required: ({ params }) => `"${params.missingProperty}" is required`,
  additionalProperties: ({ params, parentSchema }) =>
    unknownName(
      String(params.additionalProperty),
      Object.keys(((parentSchema as SchemaNode).properties ?? {}) as SchemaNode),
    ),
  propertyNames: ({ params, schema }) => disallowedName(String(params.propertyName), schema as SchemaNode),
  format: ({ params }) => stringFormats[String(params.format)]!.message,
  pattern: ({ parentSchema, params }) => {
    const [example] = ((parentSchema as SchemaNode).examples ?? []) as unknown[];
    return example === undefined
      ? `must match ${params.pattern}`
      : `must look like ${JSON.stringify(example)}`;
  },
  minLength: ({ params }) =>
    params.limit === 1 ? 'must not be empty' : `must have at least ${params.limit} characters`,
  maxLength: ({ params }) => `must have at most ${params.limit} characters`,
  minimum: ({ params }) => `must be at least ${params.limit}`,
  maximum: ({ params }) => `must be at most ${params.limit}`,
  exclusiveMinimum: ({ params }) => `must be more than ${params.limit}`,
  exclusiveMaximum: ({ params }) => `must be less than ${params.limit}`,
  multipleOf: ({ params }) => `must be a multiple of ${params.multipleOf}`,
  minItems: ({ params }) =>
    params.limit === 1 ? 'must not be empty' : `must have at least ${params.limit} items`,
  maxItems: ({ params }) => `must have at most ${params.limit} items`,
  uniqueItems: () => 'must not have the same item twice',
  minProperties: ({ params }) =>
    params.limit === 1 ? 'must not be empty' : `must have at least ${params.limit} properties`,
  dependencies: ({ params }) => `"${params.property}" needs ${params.deps} beside it`,
  anyOf: ({ schema }) => `must be ${joinWithOr((schema as SchemaNode[]).map(describeBranch))}`,
  oneOf: ({ schema }) => `must be ${joinWithOr((schema as SchemaNode[]).map(describeBranch))}`,
  not: () => 'is not allowed here',
  'false schema': () => 'is not allowed here',
};

function unknownName(name: string, known: readonly string[]): string {
  const shown = JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
  const [nearest] = suggest(name, known, 1);
  return nearest === undefined
    ? `unknown property ${shown}`
    : `unknown property ${shown}: did you mean "${nearest}"?`;
}

function disallowedName(name: string, { enum: allowed }: SchemaNode): string {
  if (!Array.isArray(allowed))
    return `${JSON.stringify(name.slice(0, 60))} is not a name that may stand here`;
  const known = suggest(name, allowed, 1).length > 0;
  return known
    ? unknownName(name, allowed)
    : `"${name.slice(0, 60)}" does not belong here, only: ${joinValues(allowed)}`;
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
};

function describeTypes(type: unknown): string {
  return joinWithOr([type].flat().map((name) => typeNames[String(name)] ?? String(name)));
}

function describeBranch(schema: SchemaNode): string {
  if (Array.isArray(schema.enum)) return `one of: ${joinValues(schema.enum)}`;
  return schema.type === undefined ? 'as described' : describeTypes(schema.type);
}

function joinValues(values: unknown): string {
  return [values]
    .flat()
    .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
    .join(', ');
}
