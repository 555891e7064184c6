import type { MetadataColumn } from '../../../src/model/metadata.ts';
import type { CheckedOptionName } from '../../../src/odata/check/check-option.ts';
import { normalizeName, type TableIndex } from '../../../src/odata/check/table-index.ts';
import { quoteString } from '../../../src/odata/quote-string.ts';
import { toWireName } from '../../../src/odata/wire-name.ts';
import { standardSchema } from '../../support/metadata.ts';

/** A query with one mistake, and the query without it. */
export interface Mutant {
  /** The kind of mistake. */
  readonly kind: string;
  readonly option: CheckedOptionName;
  readonly table: TableIndex;
  readonly right: string;
  readonly wrong: string;
}

/** A small generator with a seed: the same queries and mistakes in every run. */
function createRandom(seed: number) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return { below, pick: <T>(items: readonly T[]): T => items[below(items.length)]! };
}
type Random = ReturnType<typeof createRandom>;

const ids = '5f2b6a1c-0d3e-4f5a-8b7c-9d0e1f2a3b4c';
const words = ['Contoso', 'printer', "O'Brien", 'two words', 'CAS-01042', '50 euro'];

const byType = (table: TableIndex, ...types: readonly MetadataColumn['type'][]) =>
  table.table.columns.filter(({ type }) => types.includes(type));

/** One condition with each kind of column, as Dataverse takes it. */
function condition(dice: Random, table: TableIndex, prefix = ''): string {
  const column = dice.pick(
    byType(table, 'string', 'choice', 'lookup', 'integer', 'decimal', 'boolean', 'date-time'),
  );
  const name = `${prefix}${toWireName(column)}`;
  const compare = dice.pick(['eq', 'ne', 'gt', 'ge', 'lt', 'le']);
  const equal = dice.pick(['eq', 'ne']);
  switch (column.type) {
    case 'string':
      return dice.below(2) === 0
        ? `${dice.pick(['contains', 'startswith', 'endswith'])}(${name},${quoteString(dice.pick(words))})`
        : `${name} ${equal} ${quoteString(dice.pick(words))}`;
    case 'choice':
      return `${name} ${equal} ${column.choices?.length ? dice.pick(column.choices).value : 1}`;
    case 'lookup':
      return `${name} ${equal} ${ids}`;
    case 'boolean':
      return `${name} ${equal} ${dice.pick(['true', 'false'])}`;
    case 'date-time':
      return `${name} ${compare} ${dice.pick(['2026-01-31T08:00:00Z', '2025-12-01'])}`;
    default:
      return `${name} ${compare} ${dice.pick(['5', '100', '20000'])}`;
  }
}

function filter(dice: Random, table: TableIndex): string {
  const [a, b, c] = [condition(dice, table), condition(dice, table), condition(dice, table)];
  switch (dice.below(7)) {
    case 0:
      return a;
    case 1:
      return `${a} and ${b}`;
    case 2:
      return `(${a} or ${b}) and ${c}`;
    case 3:
      return `not (${a}) and ${b}`;
    case 4:
      return `${a} and (${b} or ${c})`;
    case 5:
      return over(dice, table) ?? a;
    default:
      return through(dice, table) ?? `${a} or ${b}`;
  }
}

const schema = standardSchema();
/** Tables of the model with enough columns for queries. */
const tables = [
  'account',
  'contact',
  'incident',
  'email',
  'task',
  'opportunity',
  'lead',
  'queueitem',
  'systemuser',
].map((name) => schema.table(name)!);

/** A condition on the table of a lookup. */
function over(dice: Random, table: TableIndex): string | undefined {
  const navigations = table.table.navigations.filter(
    ({ kind, target }) => kind === 'manyToOne' && tables.some((known) => known.table.name === target),
  );
  if (navigations.length === 0) return undefined;
  const navigation = dice.pick(navigations);
  return condition(dice, schema.table(navigation.target)!, `${navigation.name}/`);
}

/** A condition on rows of a collection. */
function through(dice: Random, table: TableIndex): string | undefined {
  const navigations = table.table.navigations.filter(
    ({ kind, target }) => kind === 'oneToMany' && tables.some((known) => known.table.name === target),
  );
  if (navigations.length === 0) return undefined;
  const navigation = dice.pick(navigations);
  return `${navigation.name}/any(o:${condition(dice, schema.table(navigation.target)!, 'o/')})`;
}

function expand(dice: Random, table: TableIndex): string {
  const navigations = table.table.navigations.filter(
    ({ target, kind }) =>
      kind !== 'manyToMany' && schema.table(target) !== undefined && target !== 'principal',
  );
  const navigation = dice.pick(navigations);
  const target = schema.table(navigation.target)!;
  const columns = [dice.pick(target.table.columns), dice.pick(target.table.columns)].map(toWireName);
  return `${navigation.name}($select=${[...new Set(columns)].join(',')})`;
}

const generators: Readonly<
  Record<'$filter' | '$select' | '$orderby' | '$expand', (dice: Random, table: TableIndex) => string>
> = {
  $filter: filter,
  $select: (dice, table) =>
    [...new Set([1, 2, 3].map(() => toWireName(dice.pick(table.table.columns))))].join(','),
  $orderby: (dice, table) => `${toWireName(dice.pick(byType(table, 'string', 'date-time', 'integer')))} desc`,
  $expand: expand,
};

const names = /(?<![\w'"-])[a-z_][A-Za-z0-9_]{3,}(?=\s+(?:eq|ne|gt|ge|lt|le|desc)\b|,|\)|\($|$|\/)/g;
const operators = /\b(eq|ne|gt|ge|lt|le|and|or)\b/g;

/** Each kind of mistake: changes a valid text, or returns undefined if the mistake is not possible in it. */
const mutations: Readonly<
  Record<string, (text: string, table: TableIndex, dice: Random) => string | undefined>
> = {
  'missing letter in a name': (text, _, dice) =>
    inName(text, dice, (name, at) => name.slice(0, at) + name.slice(at + 1)),
  'extra letter in a name': (text, _, dice) =>
    inName(text, dice, (name, at) => name.slice(0, at) + dice.pick([...'aeinrst']) + name.slice(at)),
  'two letters swapped in a name': (text, _, dice) =>
    inName(text, dice, (name, at) => name.slice(0, at) + name[at + 1] + name[at] + name.slice(at + 2)),
  'wrong letter in a name': (text, _, dice) =>
    inName(text, dice, (name, at) => name.slice(0, at) + dice.pick([...'aeinrst']) + name.slice(at + 1)),
  'wrong case of a name': (text, _, dice) =>
    inName(text, dice, (name) => name[0]!.toUpperCase() + name.slice(1, -1) + name.at(-1)!.toUpperCase()),
  'wrong case of an operator': (text, _, dice) => swap(text, dice, operators, (word) => word.toUpperCase()),
  'symbol for an operator': (text, _, dice) => {
    const symbols: Readonly<Record<string, string>> = {
      eq: '=',
      ne: '!=',
      gt: '>',
      ge: '>=',
      lt: '<',
      le: '<=',
      and: '&&',
      or: '||',
    };
    return swap(text, dice, operators, (word) => symbols[word]!);
  },
  'number in quotes': (text, _, dice) =>
    swap(text, dice, /(?<=(?:eq|ne|gt|ge|lt|le) )\d+(?=\b(?!-))/g, (value) => `'${value}'`),
  'id in quotes': (text, _, dice) => swap(text, dice, new RegExp(ids, 'g'), (value) => `'${value}'`),
  'id in braces': (text, _, dice) => swap(text, dice, new RegExp(ids, 'g'), (value) => `{${value}}`),
  'date-time in quotes': (text, _, dice) =>
    swap(text, dice, /\d{4}-\d\d-\d\d(?:T[\d:]+Z)?/g, (value) => `'${value}'`),
  'date-time without a time zone': (text, _, dice) => swap(text, dice, /(?<=T[\d:]+)Z/g, () => ''),
  'boolean in quotes': (text, _, dice) => swap(text, dice, /\b(?:true|false)\b/g, (value) => `'${value}'`),
  'text without quotes': (text, _, dice) =>
    swap(text, dice, /'(?:Contoso|printer|two words)'/g, (value) => value.slice(1, -1)),
  'text in double quotes': (text, _, dice) =>
    swap(text, dice, /'(?:Contoso|printer|two words|CAS-01042)'/g, (value) => `"${value.slice(1, -1)}"`),
  'missing quote': (text, _, dice) => swap(text, dice, /'(?=\)| and| or|$)|(?<=[ ,])'(?=\w)/g, () => ''),
  'quote not doubled': (text, _, dice) => swap(text, dice, /''/g, () => "'"),
  'missing closing parenthesis': (text, _, dice) => swap(text, dice, /\)/g, () => ''),
  'missing opening parenthesis': (text, _, dice) => swap(text, dice, /\(/g, () => ''),
  'extra closing parenthesis': (text) => `${text})`,
  'logical name of a lookup': (text, _, dice) =>
    swap(text, dice, /(?<![\w])_(\w+)_value(?!\w)/g, (name) => name.slice(1, -6)),
  'lookup name for a navigation property': (text, table, dice) =>
    swap(text, dice, /(?<![\w/])\w+(?=\/(?!any|all)\w|\(\$)/g, (name) => {
      const column = table.navigation(name)?.column;
      return column === undefined || table.navigation(column) ? undefined : column;
    }),
  'label for a number': (text, table, dice) =>
    swap(text, dice, /(?<![\w/])(\w+) (?:eq|ne) (\d+)\b(?!-)/g, (comparison) => {
      const [name, operator, number] = comparison.split(' ') as [string, string, string];
      const same = table.columnByWireName(name)?.choices?.filter(({ value }) => value === Number(number));
      return same?.[0] && `${name} ${operator} ${quoteString(same[0].label)}`;
    }),
  'display name for a name': (text, table, dice) =>
    swap(text, dice, /(?<![\w/])[a-z_]\w+(?= (?:eq|ne|gt|ge|lt|le) )/g, (name) => {
      const column = table.columnByWireName(name);
      const twins = table.table.columns.filter(({ title, name: own }) =>
        [normalizeName(title), normalizeName(own)].includes(normalizeName(column?.title ?? '')),
      );
      return column === undefined || twins.length > 1 || !/^[\w ]+$/.test(column.title)
        ? undefined
        : column.title;
    }),
  'wrong case of a function': (text, _, dice) =>
    swap(
      text,
      dice,
      /contains(?=\()|startswith(?=\()|endswith(?=\()/g,
      (name) => ({ contains: 'Contains', startswith: 'startsWith', endswith: 'endsWith' })[name],
    ),
  'function of OData 2': (text, _, dice) =>
    swap(text, dice, /contains\(([\w/]+),('(?:[^']|'')*')\)/g, (call) =>
      call.replace(/contains\((.*?),(.*)\)$/, 'substringof($2,$1)'),
    ),
  'unsupported function': (text, _, dice) =>
    swap(text, dice, /(?<=(?:contains|startswith|endswith)\()[\w/]+/g, (name) => `tolower(${name})`),
  'collection without any()': (text, _, dice) =>
    swap(text, dice, /(\w+)\/any\(o:o\/\w+ (?:eq|ne) '?\w+'?\)$/g, (call) =>
      call.replace(/\/any\(o:o\/(.*)\)$/, '/$1'),
    ),
  'missing lambda variable': (text, _, dice) => swap(text, dice, /(?<=\(|o:)o\//g, () => ''),
};

function swap(
  text: string,
  dice: Random,
  pattern: RegExp,
  change: (found: string) => string | undefined,
): string | undefined {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return undefined;
  const { 0: piece, index } = dice.pick(found);
  const changed = change(piece);
  return changed === undefined
    ? undefined
    : text.slice(0, index) + changed + text.slice(index + piece.length);
}

/** Changes one name, unless the result is another existing name. */
function inName(
  text: string,
  dice: Random,
  change: (name: string, at: number) => string,
): string | undefined {
  return swap(text, dice, names, (name) => {
    const changed = change(name, 1 + dice.below(name.length - 2));
    return allNames.has(changed) ? undefined : changed;
  });
}

const allNames: ReadonlySet<string> = new Set(
  schema.names.flatMap((name) => {
    const { columns, navigations } = schema.table(name)!.table;
    return [
      ...columns.map(toWireName),
      ...columns.map((column) => column.name),
      ...navigations.map((navigation) => navigation.name),
    ];
  }),
);

/** Valid queries over the standard tables. */
export function validQueries(count: number, seed = 7): readonly Pick<Mutant, 'option' | 'table' | 'right'>[] {
  const dice = createRandom(seed);
  const options = ['$filter', '$filter', '$filter', '$filter', '$select', '$orderby', '$expand'] as const;
  return Array.from({ length: count }, () => {
    const [option, table] = [dice.pick(options), dice.pick(tables)];
    return { option, table, right: generators[option](dice, table) };
  });
}

/** Queries with one mistake each, `each` for every kind. */
export function mutants(each: number, seed = 11): readonly Mutant[] {
  const dice = createRandom(seed);
  const valid = validQueries(6000, seed);
  return Object.entries(mutations).flatMap(([kind, make]) => {
    const made: Mutant[] = [];
    for (let tries = 0; made.length < each && tries < 20_000; tries++) {
      const query = dice.pick(valid);
      const wrong = make(query.right, query.table, dice);
      if (wrong !== undefined && wrong !== query.right) made.push({ ...query, kind, wrong });
    }
    return made;
  });
}

export { schema };
