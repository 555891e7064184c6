import type { LookupTargetYaml, PropertyYaml } from '../../manifest/read/yaml-types.ts';
import { toChoiceLabel } from '../../metadata/choice-label.ts';
import { lookupTargetsOf, ownerNavigation } from '../../metadata/lookup-targets.ts';
import type { MetadataChoice, MetadataColumn, MetadataTable } from '../../model/metadata.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { principalKey } from '../../model/principals.ts';

/** The names of tables that lookups refer to. */
export interface TableNames {
  /** Our name of a table with a file, by its logical name. */
  readonly ours: ReadonlyMap<string, string>;
  /** The entity set of every table that the metadata has. */
  readonly entitySets: ReadonlyMap<string, string>;
}

/** What a column is learned with. */
export interface ColumnContext {
  readonly table: MetadataTable;
  readonly names: TableNames;
  /** The labels that a manifest has for the numbers of the column already. */
  readonly labels?: Readonly<Record<string, number>>;
  readonly isFilter: boolean;
  readonly isSearched: boolean;
}

/** The longest text of a manifest's title. */
const maxTitleLength = 80;
/** A text column of Dataverse has at most so many characters. */
const maxTextLength = 4000;

/** A column as a table file has it; undefined if the language has no type for it, or no table that a lookup names is known. */
export function toLearnedColumn(column: MetadataColumn, context: ColumnContext): PropertyYaml | undefined {
  const type = toType(column, context);
  if (type === undefined) return undefined;
  const isReadOnly =
    column.name === context.table.key ||
    column.name === 'statecode' ||
    column.type === 'file' ||
    (column.creatable === false && column.updatable === false);
  return omitUndefined({
    title: column.name === context.table.key ? 'Id' : toTitle(column.title, column.name),
    ...type,
    'x-column': column.type === 'lookup' ? undefined : column.name,
    readOnly: isReadOnly ? (true as const) : undefined,
    'x-filter': context.isFilter ? (true as const) : undefined,
    'x-search': context.isSearched ? (true as const) : undefined,
  });
}

/** A title as a manifest can have it: without placeholders, and not too long. */
export function toTitle(title: string, name: string): string {
  const text = title
    .replace(/\{\{|\}\}|\p{C}/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return (text || name).slice(0, maxTitleLength).trim();
}

function toType(column: MetadataColumn, context: ColumnContext): PropertyYaml | undefined {
  const { type, maxLength, min, max } = column;
  switch (type) {
    case 'string':
      return { type, maxLength: maxLength !== undefined && maxLength > 0 ? maxLength : maxTextLength };
    case 'uuid':
    case 'date':
    case 'date-time':
      return { type: 'string', format: type };
    case 'bigint':
    case 'image':
    case 'file':
      return { type: 'string', 'x-type': type };
    case 'integer':
      return { type, ...integerRange(min, max) };
    case 'decimal':
      return { type: 'number', ...decimalRange(min, max) };
    case 'boolean':
      return { type };
    case 'choice':
    case 'choices':
      return toChoiceType(column, context);
    case 'lookup':
      return toLookup(column, context);
    default:
      return undefined;
  }
}

/** Integers have 32 bits anyway. */
function integerRange(min: number | undefined, max: number | undefined): PropertyYaml {
  const isNarrow = (bound: number | undefined) => bound !== undefined && Math.abs(bound) < 2 ** 31 - 1;
  return decimalRange(isNarrow(min) ? min : undefined, isNarrow(max) ? max : undefined);
}

/** A bound that a double does not hold exactly is left to the organization. */
function decimalRange(min: number | undefined, max: number | undefined): PropertyYaml {
  return omitUndefined({
    minimum: Number.isSafeInteger(min) ? min : undefined,
    maximum: Number.isSafeInteger(max) ? max : undefined,
  });
}

function toChoiceType({ type, choices = [] }: MetadataColumn, { labels }: ColumnContext): PropertyYaml {
  const list = type === 'choices' ? { type: 'array' as const } : {};
  if (choices.length === 0)
    return type === 'choices' ? { type: 'string', maxLength: maxTextLength } : { type: 'integer' };
  return { ...list, 'x-choices': labelChoices(choices, labels) };
}

/** The label of each choice. A label that a manifest has for a number stays, so that workflows which use it keep working. */
export function labelChoices(
  choices: readonly MetadataChoice[],
  known: Readonly<Record<string, number>> = {},
): Readonly<Record<string, number>> {
  const labels = new Map(Object.entries(known).map(([label, value]) => [value, label]));
  const taken = new Set(Object.keys(known));
  const titles = choices.map(({ label }) => toChoiceLabel(label, 0, () => false));
  return Object.fromEntries(
    choices.map(({ value, label }) => {
      // Two choices with one label both have their number, so that their order does not matter.
      const isTaken = (text: string) =>
        taken.has(text) || titles.filter((title) => title === text).length > 1;
      const own = labels.get(value) ?? toChoiceLabel(label, value, isTaken);
      taken.add(own);
      return [own, value];
    }),
  );
}

function toLookup({ name }: MetadataColumn, { table, names }: ColumnContext): PropertyYaml | undefined {
  type Target = readonly [string, string | LookupTargetYaml];
  const targets = navigationsOf(table, name).flatMap(({ table: target, navigation }): readonly Target[] => {
    const ours = names.ours.get(target);
    const entitySet = names.entitySets.get(target);
    if (ours !== undefined) return [[ours, navigation]];
    return entitySet ? [[target, { navigation, entitySet }]] : [];
  });
  if (targets.length === 0) return undefined;
  return { 'x-lookup': { column: name, targets: Object.fromEntries(targets) } };
}

/** The targets of a lookup. If either the users or the teams who own rows cannot be read, the others are named by what reads them. */
function navigationsOf(table: MetadataTable, name: string): ReturnType<typeof lookupTargetsOf> {
  const targets = lookupTargetsOf(table, name);
  const reads = targets.map((target) => ownerNavigation(table, target.table));
  if (name !== principalKey || !reads.includes(undefined)) return targets;
  return targets.map(({ table, navigation }, at) => ({ table, navigation: reads[at] ?? navigation }));
}
