import { isGuidOrBracedGuid } from '../../model/guid.ts';
import type { MetadataColumn } from '../../model/metadata.ts';
import type { Span } from '../../model/span.ts';
import { findChoice, listChoices, listChoicesFor } from '../check/check-literal.ts';
import { findValueSpans, readConditionValues } from './condition-values.ts';
import { type FetchXmlIssue, type FetchXmlIssueDetails, reportFetchXml } from './fetchxml-issue.ts';
import { fetchXmlOperators } from './fetchxml-operators.ts';
import type { XmlElement } from './read-xml.ts';

/** The columns of a condition, as far as they are known. */
interface ConditionColumns {
  readonly column: MetadataColumn | undefined;
  /** The column of `valueof`. */
  readonly other: MetadataColumn | undefined;
}

/** Operators whose values have the type of the column. */
const typedOperators =
  /^(eq|ne|neq|gt|ge|lt|le|in|not-in|between|not-between|contain-values|not-contain-values)$/;

/** Checks that the operator and the values of a condition fit the type of its column. */
export function checkConditionColumn(
  issues: FetchXmlIssue[],
  condition: XmlElement,
  { column, other }: ConditionColumns,
): void {
  const { operator = '', valueof } = condition.attributes;
  const rule = fetchXmlOperators.get(operator);
  if (column === undefined || rule === undefined) return;
  if (rule.columnTypes !== undefined && !rule.columnTypes.includes(column.type)) {
    const message = `The operator ${operator} is not for ${column.name}, which is of type ${column.type}.`;
    const fix = `It is for columns of type ${rule.columnTypes.join(' or ')}.`;
    reportFetchXml(issues, condition.attributeSpans.operator?.value ?? condition, {
      code: 'Q172',
      message,
      fix,
    });
    return;
  }
  if (other !== undefined && !canCompare(column, other))
    reportFetchXml(issues, condition.attributeSpans.valueof?.value ?? condition, {
      code: 'Q120',
      message: `${column.name} (${column.type}) cannot be compared with ${other.name} (${other.type}).`,
      fix: 'Compare columns of the same type.',
    });
  if (valueof !== undefined || !typedOperators.test(operator)) return;
  const spans = findValueSpans(condition);
  readConditionValues(condition).forEach((value, index) => {
    const issue = findValueIssue(value, column);
    if (issue !== undefined) reportFetchXml(issues, spans[index] ?? (condition satisfies Span), issue);
  });
}

/** Columns of one kind, or a text and an id, which the database converts. */
function canCompare(one: MetadataColumn, other: MetadataColumn): boolean {
  const [a, b] = [valueFamilies[one.type], valueFamilies[other.type]].sort();
  return a === b || (a === 'id' && b === 'text');
}

/** Types whose values can be compared with each other. */
const valueFamilies: Readonly<Record<MetadataColumn['type'], string>> = {
  string: 'text',
  uuid: 'id',
  lookup: 'id',
  file: 'id',
  image: 'other',
  parties: 'other',
  integer: 'number',
  bigint: 'number',
  decimal: 'number',
  choice: 'number',
  choices: 'choices',
  boolean: 'boolean',
  date: 'time',
  'date-time': 'time',
  other: 'other',
};

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

function findValueIssue(value: string, column: MetadataColumn): FetchXmlIssueDetails | undefined {
  const rule = valueRules[column.type];
  if (rule === undefined) return undefined;
  const [accepts, what] = rule;
  if (accepts(value)) return findMissingChoice(value, column);
  const choice = findChoice(column, value);
  // Dataverse knows the names of states: statecode eq "Won".
  if (choice !== undefined && column.name === 'statecode') return undefined;
  const isChoice = column.type === 'choice' || column.type === 'choices';
  const listed = (column.choices ?? []).length > 0 ? listChoicesFor(column, value) : undefined;
  return {
    code: isChoice ? 'Q121' : 'Q120',
    message: `The column ${column.name} must be compared with ${what}.`,
    fix: choice ? `Write ${choice.value}, the number of “${choice.label}”.` : (listed ?? `Write ${what}.`),
    text: choice && String(choice.value),
  };
}

/** A number that is no choice of the column matches no row. */
function findMissingChoice(value: string, column: MetadataColumn): FetchXmlIssueDetails | undefined {
  const { choices = [], type, name } = column;
  const isChoice = type === 'choice' || type === 'choices';
  if (!isChoice || choices.length === 0 || choices.some((choice) => choice.value === Number(value)))
    return undefined;
  const message = `The choice ${name} has no value ${value}, so no row matches it.`;
  return { severity: 'warning', code: 'Q122', message, fix: listChoices(column) };
}
