import type { Definition, JsonObject, JsonSchema } from 'dynamics365-connector';
import type { FieldKind } from './field-kind.ts';
import { choicesOf, people, rowsOf } from './list-names.ts';
import type { Option, Property } from './n8n.ts';
import { sketch, someId } from './sketch.ts';

type Look = Pick<Property, 'type' | 'default'> & Partial<Property>;

/** A property of an input as a field of a form. */
export function field(
  definition: Definition,
  kind: FieldKind,
  { name, schema }: { readonly name: string; readonly schema: JsonSchema },
): Property {
  const { title = name, description, examples, default: preset } = schema as Words;
  const [example] = examples ?? [];
  return {
    displayName: title,
    name,
    ...(example === undefined || kind.kind === 'json' ? {} : { placeholder: `e.g. ${textOf(example)}` }),
    ...(description === undefined ? {} : { description }),
    ...look(definition, kind, schema),
    ...(preset === undefined ? {} : { default: preset }),
  };
}

interface Words {
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
}

function textOf(example: unknown): string {
  return typeof example === 'string' ? example : JSON.stringify(example);
}

function look(definition: Definition, kind: FieldKind, schema: JsonSchema): Look {
  switch (kind.kind) {
    case 'boolean':
      return { type: 'boolean', default: false };
    case 'number':
      return { type: 'number', default: schema.minimum ?? 0, typeOptions: rangeOf(schema) };
    case 'moment':
    case 'day':
      return { type: 'dateTime', default: '' };
    case 'choice':
      return { type: 'options', options: optionsOf(definition, kind), default: kind.values[0] };
    case 'choices':
      return { type: 'multiOptions', options: optionsOf(definition, kind), default: [] };
    case 'column-choice':
      return listed('options', '', { loadOptionsMethod: choicesOf(kind.table, kind.column) });
    case 'table':
      return listed('options', '', { loadOptionsMethod: 'getTables' });
    case 'columns':
      return listed('multiOptions', [], {
        loadOptionsMethod: 'getColumns',
        loadOptionsDependsOn: ['table'],
      });
    case 'mapped':
      return mapper(schema);
    case 'row':
    case 'link':
      return rowLocator(definition, kind);
    case 'person':
      return locator({ names: 'user', searchListMethod: people, example: someId });
    case 'texts':
      return { type: 'string', default: [], typeOptions: { multipleValues: true } };
    case 'json':
      return { type: 'json', default: schema.type === 'array' ? '[]' : '{}', ...hintOf(schema) };
    case 'text':
      return { type: 'string', default: '', ...(isLong(schema) ? { typeOptions: { rows: 4 } } : {}) };
  }
}

function rangeOf({ minimum, maximum }: JsonSchema): JsonObject {
  return {
    ...(typeof minimum === 'number' ? { minValue: minimum } : {}),
    ...(typeof maximum === 'number' ? { maxValue: maximum } : {}),
  };
}

const isLong = ({ maxLength }: JsonSchema) => typeof maxLength === 'number' && maxLength >= 2000;

type Choices = Extract<FieldKind, { kind: 'choice' | 'choices' }>;

/** Columns are called by their titles. */
function optionsOf({ tables }: Definition, { values, table = '' }: Choices): readonly Option[] {
  const columns = tables[table]?.columns ?? [];
  return values.map((value) => {
    const known = columns.find(({ name, column }) => name === value || column === value);
    return known === undefined ? option(value) : { name: known.title, value };
  });
}

/** `in-progress` -> "In progress". */
function option(value: string): Option {
  const words = value.replaceAll(/([a-z])([A-Z])|[-_]/g, (_, a?: string, b?: string) =>
    a ? `${a} ${b}` : ' ',
  );
  return { name: words.charAt(0).toUpperCase() + words.slice(1).toLowerCase(), value };
}

/** A field for JSON begins with a value, so that what it may look like stands below it. */
function hintOf(schema: JsonSchema): Pick<Property, 'hint'> {
  const seen = sketch(schema);
  return seen === undefined ? {} : { hint: `Such as ${JSON.stringify(seen)}` };
}

function listed(type: 'options' | 'multiOptions', preset: unknown, typeOptions: JsonObject): Look {
  return { type, default: preset, typeOptions };
}

/** A row of one table by its id, of several by table and id. */
function rowLocator(
  { tables: known }: Definition,
  { kind, tables }: FieldKind & { kind: 'row' | 'link' },
): Look {
  const names = tables.map((table) => known[table]?.title ?? table).join(' or ');
  const about = { names: names.toLowerCase(), searchListMethod: rowsOf(kind, tables) };
  if (kind === 'row' || tables.length === 1) return locator({ ...about, example: someId });
  const hint = 'The table, a slash, and the ID of the row';
  return locator({ ...about, example: `${tables[0]}/${someId}`, hint });
}

interface Located {
  readonly names: string;
  readonly searchListMethod: string;
  readonly example: string;
  readonly hint?: string;
}

/** What is searched for by what it is called, or given by its id. */
function locator({ names, searchListMethod, example, hint }: Located): Look {
  return {
    type: 'resourceLocator',
    default: { mode: 'list', value: '' },
    modes: [
      {
        displayName: 'From List',
        name: 'list',
        type: 'list',
        placeholder: `Search for ${names}`,
        typeOptions: { searchListMethod, searchable: true },
      },
      {
        displayName: 'By ID',
        name: 'id',
        type: 'string',
        placeholder: `e.g. ${example}`,
        ...(hint === undefined ? {} : { hint }),
      },
    ],
  };
}

function mapper({ title }: JsonSchema): Look {
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
