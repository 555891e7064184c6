import type { ConnectorDefinition, JsonObject, JsonSchema } from 'dynamics365-connector';
import { omitUndefined } from 'dynamics365-connector/host';
import type { FieldKind } from './classify-field.ts';
import { exampleFromSchema, exampleId } from './example-from-schema.ts';
import { choicesMethodName, rowsMethodName, usersMethodName } from './list-method-names.ts';
import type { NodeProperty, NodePropertyOption } from './n8n-types.ts';

type PropertyShape = Pick<NodeProperty, 'type' | 'default'> & Partial<NodeProperty>;

/** The property of the node's form for one input. */
export function buildFieldProperty(
  definition: ConnectorDefinition,
  kind: FieldKind,
  { name, schema }: { readonly name: string; readonly schema: JsonSchema },
): NodeProperty {
  const { title = name, description, examples, default: defaultValue } = schema as SchemaAnnotations;
  const [example] = examples ?? [];
  const shape = buildPropertyShape(definition, kind, schema);
  const hasPlaceholder = example !== undefined && kind.kind !== 'json';
  // n8n's editor reads these objects; keys without a value would show as set.
  return omitUndefined({
    displayName: title,
    name,
    placeholder: hasPlaceholder ? `e.g. ${exampleText(example)}` : undefined,
    description,
    ...shape,
    default: defaultValue ?? shape.default,
  });
}

interface SchemaAnnotations {
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
}

function exampleText(example: unknown): string {
  return typeof example === 'string' ? example : JSON.stringify(example);
}

function buildPropertyShape(
  definition: ConnectorDefinition,
  kind: FieldKind,
  schema: JsonSchema,
): PropertyShape {
  switch (kind.kind) {
    case 'boolean':
      return { type: 'boolean', default: false };
    case 'number':
      return { type: 'number', default: schema.minimum ?? 0, typeOptions: numberRange(schema) };
    case 'date-time':
    case 'date':
      return { type: 'dateTime', default: '' };
    case 'choice':
      return { type: 'options', options: toOptions(definition, kind), default: kind.values[0] };
    case 'choices':
      return { type: 'multiOptions', options: toOptions(definition, kind), default: [] };
    case 'column-choice':
      return dynamicList('options', '', { loadOptionsMethod: choicesMethodName(kind.table, kind.column) });
    case 'table':
      return dynamicList('options', '', { loadOptionsMethod: 'getTables' });
    case 'columns':
      return dynamicList('multiOptions', [], columnsOfTable);
    case 'column-values':
      return buildMapper(schema);
    case 'row':
    case 'lookup':
      return buildRowLocator(definition, kind);
    case 'user':
      return buildLocator({ searchedNames: 'user', searchListMethod: usersMethodName, example: exampleId });
    case 'string-list':
      return { type: 'string', default: [], typeOptions: { multipleValues: true } };
    case 'json':
      return { type: 'json', default: schema.type === 'array' ? '[]' : '{}', hint: jsonHint(schema) };
    case 'text':
      return { type: 'string', default: '', typeOptions: isMultiline(schema) ? { rows: 4 } : undefined };
  }
}

const columnsOfTable = { loadOptionsMethod: 'getColumns', loadOptionsDependsOn: ['table'] };

function numberRange({ minimum, maximum }: JsonSchema): JsonObject {
  return omitUndefined({
    minValue: typeof minimum === 'number' ? minimum : undefined,
    maxValue: typeof maximum === 'number' ? maximum : undefined,
  });
}

const isMultiline = ({ maxLength }: JsonSchema) => typeof maxLength === 'number' && maxLength >= 2000;

type ChoiceKind = Extract<FieldKind, { kind: 'choice' | 'choices' }>;

/** The values of a list; names of columns are shown by their titles. */
function toOptions(
  { tables }: ConnectorDefinition,
  { values, table = '' }: ChoiceKind,
): readonly NodePropertyOption[] {
  const columns = tables[table]?.columns ?? [];
  return values.map((value) => {
    const known = columns.find(({ name, logicalName }) => name === value || logicalName === value);
    return known === undefined ? toOption(value) : { name: known.title, value };
  });
}

/** `in-progress` -> "In progress". */
function toOption(value: string): NodePropertyOption {
  const words = value.replaceAll(/([a-z])([A-Z])|[-_]/g, (_, a?: string, b?: string) =>
    a ? `${a} ${b}` : ' ',
  );
  return { name: words.charAt(0).toUpperCase() + words.slice(1).toLowerCase(), value };
}

/** An example below a JSON field: n8n shows no placeholder, because the field has a default. */
function jsonHint(schema: JsonSchema): string | undefined {
  const example = exampleFromSchema(schema);
  return example === undefined ? undefined : `Such as ${JSON.stringify(example)}`;
}

function dynamicList(
  type: 'options' | 'multiOptions',
  defaultValue: unknown,
  typeOptions: JsonObject,
): PropertyShape {
  return { type, default: defaultValue, typeOptions };
}

/** A resource locator for rows: by id, or by `table/id` where a lookup has several tables. */
function buildRowLocator(
  { tables: known }: ConnectorDefinition,
  { kind, tables }: FieldKind & { kind: 'row' | 'lookup' },
): PropertyShape {
  const names = tables.map((table) => known[table]?.title ?? table).join(' or ');
  const common = { searchedNames: names.toLowerCase(), searchListMethod: rowsMethodName(kind, tables) };
  if (kind === 'row' || tables.length === 1) return buildLocator({ ...common, example: exampleId });
  const hint = 'The table, a slash, and the ID of the row';
  return buildLocator({ ...common, example: `${tables[0]}/${exampleId}`, hint });
}

interface LocatorOptions {
  readonly searchedNames: string;
  readonly searchListMethod: string;
  readonly example: string;
  readonly hint?: string;
}

/** A resource locator: search by name, or enter an id. */
function buildLocator({ searchedNames, searchListMethod, example, hint }: LocatorOptions): PropertyShape {
  return {
    type: 'resourceLocator',
    default: { mode: 'list', value: '' },
    modes: [
      {
        displayName: 'From List',
        name: 'list',
        type: 'list',
        placeholder: `Search for ${searchedNames}`,
        typeOptions: { searchListMethod, searchable: true },
      },
      {
        displayName: 'By ID',
        name: 'id',
        type: 'string',
        placeholder: `e.g. ${example}`,
        hint,
      },
    ],
  };
}

function buildMapper({ title }: JsonSchema): PropertyShape {
  return {
    type: 'resourceMapper',
    displayName: String(title),
    noDataExpression: true,
    default: { mappingMode: 'defineBelow', value: null },
    typeOptions: {
      loadOptionsDependsOn: ['table', 'operation'],
      resourceMapper: {
        resourceMapperMethod: 'getColumnsToWrite',
        mode: 'add',
        fieldWords: { singular: 'column', plural: 'columns' },
        addAllFields: false,
        supportAutoMap: true,
      },
    },
  };
}
