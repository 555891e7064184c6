import { didYouMean } from '../errors/did-you-mean.ts';
import { joinWithOr } from '../errors/join-with-or.ts';
import { suggest } from '../errors/suggest.ts';
import type { DetailedIssue, Expectation, Issue } from '../model/diagnostic.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import { toJsonPointer } from '../model/json-pointer.ts';
import { stringFormats } from './string-formats.ts';

/** An error of ajv: the members that are used here. */
export interface AjvError {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Set if the check of a property's name failed, in `propertyNames`. */
  readonly propertyName?: string;
  readonly schema?: unknown;
  readonly parentSchema?: unknown;
}

/** A check as ajv compiles it. If a value is not valid, `errors` has the reasons. */
export interface ValidateFunction {
  (value: unknown): boolean;
  readonly errors?: readonly AjvError[] | null;
}

type SchemaNode = Readonly<Record<string, unknown>>;

/** Checks a value and returns its issues. */
export function collectIssues(validate: ValidateFunction, value: unknown): readonly Issue[] {
  return collectDetailedIssues(validate, value).map(({ path, message, keyword }) => ({
    path,
    message,
    keyword,
  }));
}

/** Checks a value and returns its issues with what the schema expects. */
export function collectDetailedIssues(validate: ValidateFunction, value: unknown): readonly DetailedIssue[] {
  return validate(value) ? [] : toIssues(validate.errors ?? []);
}

/**
 * Converts the errors of ajv to issues: one for each value and cause, without the value in the message. The errors in
 * the branches of an `anyOf` become one message for the whole choice; the error of an `if` itself is omitted.
 */
function toIssues(errors: readonly AjvError[]): readonly DetailedIssue[] {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  const insideChoice = (error: AjvError) =>
    choices.some((choice) => choice !== error && error.schemaPath.startsWith(`${choice.schemaPath}/`));
  const issues = errors
    .filter((error) => error.keyword !== 'if' && !insideChoice(error))
    // Ajv reports `propertyNames` twice. The error without `propertyName` has all details.
    .filter(({ propertyName }) => propertyName === undefined)
    .map(toIssue);
  return [...new Map(issues.map((issue) => [`${issue.path} ${issue.message}`, issue])).values()];
}

function toIssue(error: AjvError): DetailedIssue {
  const { keyword, instancePath, params } = error;
  const property = params.additionalProperty ?? params.propertyName ?? params.missingProperty;
  const path = typeof property === 'string' ? instancePath + toJsonPointer(property) : instancePath;
  const message = (messages[keyword] ?? fallbackMessage)(error);
  return { path, message, keyword, expected: (expectations[keyword] ?? readExample)(error) };
}

const expectations: Readonly<Record<string, (error: AjvError) => Expectation>> = {
  type: ({ params, parentSchema }) => ({
    types: [params.type].flat().map(String),
    ...exampleOf(parentSchema),
  }),
  pattern: ({ parentSchema }) => ({ ...listItems(parentSchema), ...exampleOf(parentSchema) }),
  enum: ({ params }) => ({ values: params.allowedValues as readonly Json[] }),
  const: ({ params }) => ({ values: [params.allowedValue as Json] }),
  required: ({ params, parentSchema }) =>
    exampleOf(propertiesOf(parentSchema)[String(params.missingProperty)]),
  additionalProperties: ({ parentSchema }) => ({ names: Object.keys(propertiesOf(parentSchema)) }),
  propertyNames: ({ schema }) => {
    const { enum: names } = schema as SchemaNode;
    return Array.isArray(names) ? { names: names.map(String) } : {};
  },
  anyOf: ({ schema }) => describeBranches(schema as readonly SchemaNode[]),
  oneOf: ({ schema }) => describeBranches(schema as readonly SchemaNode[]),
};

const readExample = ({ parentSchema }: AjvError): Expectation => exampleOf(parentSchema);

/** A text in place of a list, where a text of another form is allowed too. */
function listItems(schema: unknown): Expectation {
  const { type } = isJsonObject(schema) ? schema : {};
  return Array.isArray(type) && type.includes('array') ? { types: ['array'] } : {};
}

function exampleOf(schema: unknown): Expectation {
  const { examples } = isJsonObject(schema) ? schema : {};
  return Array.isArray(examples) ? { example: examples[0] as Json } : {};
}

function propertiesOf(schema: unknown): SchemaNode {
  const { properties } = isJsonObject(schema) ? schema : {};
  return isJsonObject(properties) ? properties : {};
}

/** The labels of a choice are one branch, its numbers another. */
function describeBranches(branches: readonly SchemaNode[]): Expectation {
  const values = branches.flatMap((branch) =>
    Array.isArray(branch.enum) ? (branch.enum as readonly Json[]) : [],
  );
  return values.length > 0
    ? { values }
    : { types: branches.flatMap(({ type }) => [type].flat().map(String)) };
}

const fallbackMessage = ({ keyword }: AjvError) => `does not match the schema ("${keyword}")`;

const messages: Readonly<Record<string, (error: AjvError) => string>> = {
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
  format: ({ params }) => stringFormats[String(params.format)]?.message ?? 'has the wrong format',
  pattern: ({ parentSchema, params }) => {
    const [example] = ((parentSchema as SchemaNode).examples ?? []) as unknown[];
    return example === undefined
      ? listItems(parentSchema).types === undefined
        ? `must match ${params.pattern}`
        : 'must be a list'
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
  dependencies: ({ params }) => `"${params.property}" also needs "${params.deps}"`,
  anyOf: ({ schema }) => `must be ${joinWithOr((schema as SchemaNode[]).map(describeBranch))}`,
  oneOf: ({ schema }) => `must be ${joinWithOr((schema as SchemaNode[]).map(describeBranch))}`,
  not: () => 'is not allowed here',
  'false schema': () => 'is not allowed here',
};

function unknownName(name: string, known: readonly string[]): string {
  const shown = JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
  return `unknown property ${shown}${didYouMean(name, known)}`;
}

function disallowedName(name: string, { enum: allowed }: SchemaNode): string {
  if (!Array.isArray(allowed)) return `${JSON.stringify(name.slice(0, 60))} is not an allowed name`;
  const known = suggest(name, allowed, 1).length > 0;
  return known
    ? unknownName(name, allowed)
    : `"${name.slice(0, 60)}" is not allowed here; allowed are: ${joinValues(allowed)}`;
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
