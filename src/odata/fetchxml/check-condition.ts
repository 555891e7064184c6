import { suggest } from '../../errors/suggest.ts';
import { isGuidOrBracedGuid } from '../../model/guid.ts';
import type { MetadataColumn } from '../../model/metadata.ts';
import type { Span } from '../../model/span.ts';
import { findChoice, listChoices } from '../check/check-literal.ts';
import type { TableIndex } from '../check/table-index.ts';
import { maxConditionValues } from '../limits.ts';
import { checkFetchXmlColumn, type FetchXmlCheckContext, reportFetchXml } from './fetchxml-check-context.ts';
import { fetchXmlOperators, type ValueCount } from './fetchxml-operators.ts';
import type { XmlElement } from './read-xml.ts';

/** Operators of other languages -> the operators of FetchXML. */
const otherDialectOperators: Readonly<Record<string, string>> = {
  '=': 'eq',
  '==': 'eq',
  equals: 'eq',
  '!=': 'ne',
  contains: 'like',
  startswith: 'begins-with',
  endswith: 'ends-with',
  'is-null': 'null',
  isnull: 'null',
  notnull: 'not-null',
  notin: 'not-in',
};

/** Checks `<condition attribute operator value>`: its column, operator and values. */
export function checkCondition(
  context: FetchXmlCheckContext,
  condition: XmlElement,
  outer: TableIndex | undefined,
): void {
  const { attribute, operator, entityname } = condition.attributes;
  const table = entityname === undefined ? outer : findTableByAlias(context, entityname.value);
  const column = checkFetchXmlColumn(context, attribute, table);
  if (attribute === undefined || operator === undefined) {
    const fix = 'Write attribute="…" operator="eq" value="…".';
    reportFetchXml(context, condition, {
      code: 'Q171',
      message: 'A condition needs attribute and operator.',
      fix,
    });
    return;
  }
  const rule = fetchXmlOperators.get(operator.value);
  if (rule === undefined) {
    const lower = operator.value.toLowerCase();
    const text =
      otherDialectOperators[lower] ??
      (fetchXmlOperators.has(lower) ? lower : suggest(lower, fetchXmlOperators.keys(), 1)[0]);
    reportFetchXml(context, operator, {
      code: 'Q172',
      message: `FetchXML has no operator “${operator.value}”.`,
      fix: text && `Did you mean ${text}?`,
      text,
    });
    return;
  }
  if (column !== undefined && rule.columnTypes !== undefined && !rule.columnTypes.includes(column.type)) {
    const message = `The operator ${operator.value} is not for ${column.name}, which is of type ${column.type}.`;
    reportFetchXml(context, operator, { code: 'Q172', message });
    return;
  }
  checkConditionValues(context, condition, {
    operator: operator.value,
    valueCount: rule.valueCount,
    column,
  });
}

function findTableByAlias({ aliases, schema }: FetchXmlCheckContext, name: string): TableIndex | undefined {
  return aliases.has(name) ? aliases.get(name) : schema.table(name);
}

interface ConditionValue extends Span {
  readonly value: string;
}

/** The allowed number of values, and its description, for each kind of operator. */
const valueCounts: Readonly<Record<ValueCount, readonly [min: number, max: number, description: string]>> = {
  none: [0, 0, 'no value'],
  one: [1, 1, 'one value'],
  two: [2, 2, 'two values'],
  many: [1, maxConditionValues, 'values'],
};

const valueFixes: Readonly<Record<ValueCount, string>> = {
  none: 'Remove the value.',
  one: 'Write value="…".',
  two: 'Write <value>…</value> for each.',
  many: 'Write <value>…</value> for each.',
};

/** Operators whose values have the type of the column. */
const typedOperators =
  /^(eq|ne|neq|gt|ge|lt|le|in|not-in|between|not-between|contain-values|not-contain-values)$/;

interface ConditionOperator {
  readonly operator: string;
  readonly valueCount: ValueCount;
  readonly column: MetadataColumn | undefined;
}

function checkConditionValues(
  context: FetchXmlCheckContext,
  condition: XmlElement,
  { operator, valueCount, column }: ConditionOperator,
): void {
  const given = readConditionValues(condition);
  const [min, max, description] = valueCounts[valueCount];
  // A condition can compare with another column instead.
  const hasColumn = condition.attributes.valueof !== undefined;
  if (!hasColumn && (given.length < min || given.length > max)) {
    const message = `${operator} needs ${description}.`;
    reportFetchXml(context, condition, { code: 'Q173', message, fix: valueFixes[valueCount] });
  }
  if (column === undefined || !typedOperators.test(operator)) return;
  for (const value of given) checkConditionValue(context, value, column);
}

function readConditionValues({ attributes, children }: XmlElement): readonly ConditionValue[] {
  const values = children
    .filter(({ name }) => name === 'value')
    .map(({ text, textSpan }) => ({ value: text.trim(), ...textSpan }));
  return attributes.value === undefined ? values : [attributes.value, ...values];
}

const matches = (pattern: RegExp) => (text: string) => pattern.test(text);

type ValueRule = readonly [accepts: (text: string) => boolean, expected: string];

/** What the values of each type of column look like in FetchXML. */
const valueRules: Readonly<Partial<Record<MetadataColumn['type'], ValueRule>>> = {
  integer: [matches(/^-?\d+$/), 'a whole number'],
  bigint: [matches(/^-?\d+$/), 'a whole number'],
  decimal: [matches(/^-?\d+(\.\d+)?$/), 'a number'],
  boolean: [matches(/^(0|1|true|false)$/i), '0 or 1'],
  uuid: [isGuidOrBracedGuid, 'an id'],
  lookup: [isGuidOrBracedGuid, 'the id of a row'],
  date: [matches(/^\d{4}-\d\d-\d\d/), 'a date: 2026-01-31'],
  'date-time': [matches(/^\d{4}-\d\d-\d\d/), 'a date-time: 2026-01-31T08:00:00Z'],
  choice: [matches(/^-?\d+$/), 'the number of a choice'],
  choices: [matches(/^-?\d+$/), 'the number of a choice'],
};

function checkConditionValue(
  context: FetchXmlCheckContext,
  given: ConditionValue,
  column: MetadataColumn,
): void {
  const rule = valueRules[column.type];
  if (rule === undefined) return;
  const [accepts, what] = rule;
  if (accepts(given.value)) return;
  const choice = findChoice(column, given.value);
  const code = column.type === 'choice' || column.type === 'choices' ? 'Q121' : 'Q120';
  const listed = (column.choices ?? []).length > 0 ? listChoices(column) : undefined;
  reportFetchXml(context, given, {
    code,
    message: `The column ${column.name} must be compared with ${what}.`,
    fix: choice ? `Write ${choice.value}, the number of “${choice.label}”.` : listed,
    text: choice && String(choice.value),
  });
}
