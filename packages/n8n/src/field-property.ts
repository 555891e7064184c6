import type { JsonObject } from 'dynamics365-connector';
import {
  type FieldKind,
  type FieldView,
  guidSource,
  type OperationView,
  omitUndefined,
} from 'dynamics365-connector/host';
import type { NodeProperty, NodePropertyOption, ResourceLocatorMode } from './n8n-types.ts';
import { titleCase } from './n8n-words.ts';
import { fieldOf, isInline, type ListedField, methodNameOf } from './pick-list-methods.ts';

type PropertyShape = Pick<NodeProperty, 'type' | 'default'> & Partial<NodeProperty>;

/** The property of the node's form for one field. */
export function buildFieldProperty(field: FieldView, view: OperationView): NodeProperty {
  const { name, title, description, required } = field;
  const shape = buildShape(field, view);
  // n8n's editor reads these objects; keys without a value would show as set.
  return omitUndefined({
    displayName: isOwnId(field, view) ? 'Record' : titleCase(title),
    name,
    required: required || undefined,
    placeholder: placeholderOf(field, shape),
    description,
    ...shape,
    default: (field.default as unknown) ?? shape.default,
  });
}

/** The id of the row that an operation is about: the same field for all resources. */
function isOwnId({ name, kind, pickList }: FieldView, { resource }: OperationView): boolean {
  return name === 'id' && kind === 'row' && pickList?.from === 'rows' && pickList.tables[0] === resource;
}

/** An example, for fields that are empty at first. */
function placeholderOf({ example, kind }: FieldView, { type }: PropertyShape): string | undefined {
  if (example === undefined || type !== 'string') return undefined;
  if (kind === 'texts') return `e.g. ${[example].flat().join(', ')}`;
  return `e.g. ${typeof example === 'string' ? example : JSON.stringify(example)}`;
}

/** The fields that look the same for every operation. */
const plainShapes: Readonly<Partial<Record<FieldKind, PropertyShape>>> = {
  boolean: { type: 'boolean', default: false },
  'date-time': { type: 'dateTime', default: '' },
  date: { type: 'dateTime', default: '', typeOptions: { dateOnly: true } },
  text: { type: 'string', default: '' },
  'long-text': { type: 'string', default: '', typeOptions: { rows: 4 } },
  file: { type: 'string', default: '' },
  files: {
    type: 'string',
    default: '',
    placeholder: 'e.g. data,attachment_1',
    description: 'The input fields that hold the files, separated by commas',
  },
};

function buildShape(field: FieldView, view: OperationView): PropertyShape {
  const { kind } = field;
  switch (kind) {
    case 'number':
      return { type: 'number', default: field.schema.minimum ?? 0, typeOptions: numberRange(field) };
    case 'choice':
      return buildChoice('options', field, view);
    case 'choices':
      return buildChoice('multiOptions', field, view);
    case 'row':
    case 'lookup':
      return { type: 'resourceLocator', default: noRow, modes: rowModes(field, view) };
    case 'lookups':
      return buildRowList(field, rowModes(field, view));
    case 'people':
      return buildRowList(field, [...rowModes(field, view), addressMode]);
    case 'values':
      return buildValues(field, view);
    case 'texts':
      return buildTexts(field);
    case 'json':
      return buildJson(field);
    default:
      return plainShapes[kind] ?? { type: 'string', default: '' };
  }
}

/** n8n checks whether a single text is empty; it accepts a list of none. */
function buildTexts({ required }: FieldView): PropertyShape {
  return required
    ? { type: 'string', default: '' }
    : { type: 'string', default: [], typeOptions: { multipleValues: true } };
}

/** Values by column: a form of the columns of the chosen table, or a list of columns with their values. */
function buildValues({ name, pickList }: FieldView, view: OperationView): PropertyShape {
  if (pickList === undefined) return { type: 'json', default: '{}' };
  const isMapper = fieldOf(pickList) !== undefined;
  return isMapper ? buildMapper({ name, pickList }, view) : buildColumnValues({ name, pickList }, view);
}

function numberRange({ schema: { minimum, maximum } }: FieldView): JsonObject | undefined {
  const range = omitUndefined({
    minValue: typeof minimum === 'number' ? minimum : undefined,
    maxValue: typeof maximum === 'number' ? maximum : undefined,
  });
  return Object.keys(range).length === 0 ? undefined : range;
}

function buildChoice(
  type: 'options' | 'multiOptions',
  { name, pickList }: FieldView,
  view: OperationView,
): PropertyShape {
  const isOne = type === 'options';
  if (pickList === undefined || isInline(pickList)) {
    const options = pickList?.options.map(toOption) ?? [];
    return { type, options, default: isOne ? (options[0]?.value ?? '') : [] };
  }
  return { type, default: isOne ? '' : [], typeOptions: loadedBy({ name, pickList }, view) };
}

function toOption({
  label,
  value,
}: {
  readonly label: string;
  readonly value: string | number;
}): NodePropertyOption {
  return { name: titleCase(label), value };
}

function loadedBy({ name, pickList }: ListedField, view: OperationView): JsonObject {
  const field = fieldOf(pickList);
  const loadOptionsMethod = methodNameOf({ name, pickList }, view);
  return field === undefined ? { loadOptionsMethod } : { loadOptionsMethod, loadOptionsDependsOn: [field] };
}

const noRow = { __rl: true, mode: 'list', value: '' };

/** Search by name, or enter an id; where several tables are possible `table/id`. */
function rowModes(
  { name, pickList, required, kind }: FieldView,
  view: OperationView,
): readonly ResourceLocatorMode[] {
  if (pickList?.from !== 'rows') return [];
  const isChecked = required && kind === 'row';
  const hasTable = pickList.value === 'table/id';
  const idMode = {
    displayName: hasTable ? 'By Table/ID' : 'By ID',
    name: 'id',
    type: 'string',
    validation: isChecked ? [idRule(hasTable ? `([\\w-]+\\/)?${guidSource}` : guidSource)] : undefined,
  } as const;
  return [
    {
      displayName: 'From List',
      name: 'list',
      type: 'list',
      typeOptions: { searchListMethod: methodNameOf({ name, pickList }, view), searchable: true },
    },
    omitUndefined(idMode),
  ];
}

function idRule(regex: string) {
  return { type: 'regex', properties: { regex, errorMessage: 'Not an ID of a row' } } as const;
}

const addressMode: ResourceLocatorMode = {
  displayName: 'By E-Mail Address',
  name: 'address',
  type: 'string',
  placeholder: 'e.g. ann@example.com',
};

/** The name of the rows inside of a list, and of the field in each. */
export const listMember = 'rows';
export const rowMember = 'row';

/** A list of rows, or of people: each is a resource locator. */
function buildRowList(
  { title, required, schema: { maxItems } }: FieldView,
  modes: readonly ResourceLocatorMode[],
): PropertyShape {
  const row = {
    displayName: 'Row',
    name: rowMember,
    type: 'resourceLocator',
    default: noRow,
    modes,
  } as const;
  const typeOptions = {
    multipleValues: true,
    ...(required ? { minRequiredFields: 1 } : {}),
    ...(typeof maxItems === 'number' && maxItems < 100 ? { maxAllowedFields: maxItems } : {}),
  };
  return {
    type: 'fixedCollection',
    placeholder: `Add to ${titleCase(title)}`,
    default: {},
    typeOptions,
    options: [{ displayName: titleCase(title), name: listMember, values: [row] }],
  };
}

/** The members of a column with its value. */
export const columnMember = 'column';
export const valueMember = 'value';

/** Values of columns that the form does not have: each is the name of a column and its value. */
function buildColumnValues(listed: ListedField, view: OperationView): PropertyShape {
  const column = {
    displayName: 'Column',
    name: columnMember,
    type: 'options',
    default: '',
    typeOptions: loadedBy(listed, view),
  } as const;
  const value = { displayName: 'Value', name: valueMember, type: 'string', default: '' } as const;
  return {
    type: 'fixedCollection',
    placeholder: 'Add Column',
    default: {},
    typeOptions: { multipleValues: true },
    options: [{ displayName: 'Columns', name: listMember, values: [column, value] }],
  };
}

/** A form of the columns of the chosen table. */
function buildMapper({ name, pickList }: ListedField, view: OperationView): PropertyShape {
  return {
    type: 'resourceMapper',
    noDataExpression: true,
    default: { mappingMode: 'defineBelow', value: null },
    typeOptions: {
      loadOptionsDependsOn: [fieldOf(pickList) ?? '', 'operation'],
      resourceMapper: {
        resourceMapperMethod: methodNameOf({ name, pickList }, view),
        mode: 'add',
        fieldWords: { singular: 'column', plural: 'columns' },
        addAllFields: false,
        supportAutoMap: true,
      },
    },
  };
}

/** n8n does not check whether a JSON field is empty, so that a required one is a text. */
function buildJson({ name, schema, required, example }: FieldView): PropertyShape {
  if (required) return { type: 'string', default: '', typeOptions: { rows: 5 } };
  // n8n shows no placeholder in a field with a default. The example of "expand" is another one for each table.
  const hint = example === undefined || name === 'expand' ? undefined : `Such as ${JSON.stringify(example)}`;
  return { type: 'json', default: schema.type === 'array' ? '[]' : '{}', hint };
}
