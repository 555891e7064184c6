import { suggest } from '../../errors/suggest.ts';
import { maxConditionValues } from '../limits.ts';
import { findValueSpans, readConditionValues } from './condition-values.ts';
import { type FetchXmlIssue, reportFetchXml } from './fetchxml-issue.ts';
import { columnComparisonOperators, fetchXmlOperators, type ValueCount } from './fetchxml-operators.ts';
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

/** Checks the operator of a condition and the number of its values. */
export function checkConditionShape(condition: XmlElement, issues: FetchXmlIssue[]): void {
  const { operator, valueof } = condition.attributes;
  if (operator === undefined) return;
  const rule = fetchXmlOperators.get(operator);
  if (rule === undefined) reportOperator(condition, operator, issues);
  else if (valueof === undefined) {
    checkValueCount(condition, rule.valueCount, issues);
    if (rule.isCounting) checkNumbers(condition, issues);
  } else if (!columnComparisonOperators.has(operator))
    reportFetchXml(issues, condition.attributeSpans.operator?.value ?? condition, {
      rule: 'columnComparison',
      code: 'Q172',
      message: `The operator ${operator} cannot compare two columns.`,
      fix: `Use ${[...columnComparisonOperators].join(', ')}.`,
    });
}

function reportOperator(condition: XmlElement, operator: string, issues: FetchXmlIssue[]): void {
  const lower = operator.toLowerCase();
  const text =
    otherDialectOperators[lower] ??
    (fetchXmlOperators.has(lower) ? lower : suggest(lower, fetchXmlOperators.keys(), 1)[0]);
  reportFetchXml(issues, condition.attributeSpans.operator?.value ?? condition, {
    rule: 'operator',
    code: 'Q172',
    message: `FetchXML has no operator “${operator}”.`,
    fix: text && `Did you mean ${text}?`,
    text,
  });
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

function checkValueCount(condition: XmlElement, count: ValueCount, issues: FetchXmlIssue[]): void {
  const given = readConditionValues(condition).length;
  const [min, max, description] = valueCounts[count];
  if (given >= min && given <= max) return;
  reportFetchXml(issues, condition, {
    rule: 'valueCount',
    code: 'Q173',
    message: `${condition.attributes.operator} needs ${description}.`,
    fix: valueFixes[count],
  });
}

/** Checks that the values of an operator such as `last-x-days` are whole numbers. */
function checkNumbers(condition: XmlElement, issues: FetchXmlIssue[]): void {
  const spans = findValueSpans(condition);
  readConditionValues(condition).forEach((value, index) => {
    if (/^-?\d{1,9}$/.test(value)) return;
    reportFetchXml(issues, spans[index] ?? condition, {
      rule: 'valueCount',
      code: 'Q173',
      message: `${condition.attributes.operator} needs a whole number, not “${value}”.`,
      fix: 'Write a number.',
    });
  });
}
