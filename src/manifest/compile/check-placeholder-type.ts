import type { PlaceholderPosition, PlaceholderType } from '../../model/template.ts';

type PlaceholderKind = PlaceholderType['kind'];

const numbers: readonly PlaceholderKind[] = ['integer', 'bigint', 'decimal'];
const plain: readonly PlaceholderKind[] = [
  'string',
  'uuid',
  ...numbers,
  'boolean',
  'date-time',
  'date',
  'choice',
  'name',
];

/** The types of values that are allowed in each position: the table in docs/manifest.md. */
const acceptedKinds: Readonly<Record<PlaceholderPosition, readonly PlaceholderKind[]>> = {
  'filter-value': [...plain, 'lookup'],
  'filter-text': ['string', 'name'],
  'filter-list': ['array', 'names', 'choices'],
  'filter-name': ['name'],
  condition: ['filter'],
  order: ['name'],
  select: ['name', 'names'],
  key: ['string', 'uuid', ...numbers, 'date-time', 'date', 'choice', 'name'],
  segment: ['name', 'wire-name'],
  json: [...plain, 'image', 'names', 'choices', 'array', 'object', 'row', 'lookup'],
  text: plain,
  bind: ['lookup'],
  header: plain,
};

const positionNames: Readonly<Record<PlaceholderPosition, string>> = {
  'filter-value': 'as a value in a filter',
  'filter-text': 'in contains, startswith or endswith',
  'filter-list': 'as the list of a query function',
  'filter-name': 'as a column',
  condition: 'as a whole condition',
  order: 'in $orderby',
  select: 'in $select',
  key: 'in the parentheses of a path',
  segment: 'as a segment of a path',
  json: 'in a body',
  text: 'in the middle of a text',
  bind: 'in an @odata.bind',
  header: 'in a header',
};

const kindNames: Readonly<Partial<Record<PlaceholderKind, string>>> = {
  string: 'free text',
  uuid: 'an id',
  integer: 'an integer',
  bigint: 'an integer',
  decimal: 'a number',
  boolean: 'true or false',
  filter: 'a filter',
  name: 'one of a list of names',
  'wire-name': 'a name',
  names: 'a list of names',
  choices: 'a list of choices',
  array: 'a list',
  object: 'an object',
  row: 'a row',
  image: 'an image',
  lookup: 'a lookup',
  parties: 'a list of parties',
  'date-time': 'a date and time',
};

/** A type in a sentence: `an id`, `a whole number`. */
export function withArticle(kind: PlaceholderKind): string {
  return kindNames[kind] ?? `a ${kind}`;
}

const namesOnly = new Set<PlaceholderPosition>(['filter-name', 'order', 'select', 'segment']);

export interface PlaceholderTypeDiagnostic {
  readonly code: 'T105' | 'T107';
  readonly message: string;
  readonly fix: string;
}

/** Why a value of this type is not allowed in this position; undefined if it is. */
export function checkPlaceholderType(
  type: PlaceholderType,
  position: PlaceholderPosition,
): PlaceholderTypeDiagnostic | undefined {
  if (acceptedKinds[position].includes(type.kind)) return undefined;
  const message = `${withArticle(type.kind)} is not allowed ${positionNames[position]}`;
  if (namesOnly.has(position)) {
    return { code: 'T107', message, fix: 'give the input an enum of the allowed names' };
  }
  return { code: 'T105', message, fix: fixes[position] ?? fixForKind(type.kind) };
}

const fixes: Readonly<Partial<Record<PlaceholderPosition, string>>> = {
  'filter-text': 'compare with eq, or make the input a text',
  'filter-list': 'make the input a list',
  condition: 'write column eq {{input.value}}, or give the input format: odata-filter',
  bind: 'write the path of the row: /accounts({{input.id}}), or make the input a lookup',
};

function fixForKind(kind: PlaceholderKind): string {
  if (kind === 'filter') return 'write it as a separate clause in $filter or where';
  if (kind === 'lookup')
    return 'bind it: "ownerid@odata.bind": "{{input.owner}}", or use its id: {{input.owner.id}}';
  return 'use a placeholder for one plain value';
}
