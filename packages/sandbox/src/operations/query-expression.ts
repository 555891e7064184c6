import { isJsonObject } from 'dynamics365-connector/host';
import { escapeXml } from 'dynamics365-connector/odata';
import { invalidArgument } from '../web-api/errors.ts';
import type { JsonBody } from '../web-api/json-body.ts';

/** FetchXML operators of the condition operators that do not have their name in Pascal case. */
const irregularOperators: Readonly<Record<string, string>> = {
  Equal: 'eq',
  NotEqual: 'ne',
  GreaterThan: 'gt',
  GreaterEqual: 'ge',
  LessThan: 'lt',
  LessEqual: 'le',
  Contains: 'like',
  DoesNotContain: 'not-like',
  BeginsWith: 'begins-with',
  DoesNotBeginWith: 'not-begin-with',
  EndsWith: 'ends-with',
  DoesNotEndWith: 'not-end-with',
  EqualUserId: 'eq-userid',
  NotEqualUserId: 'ne-userid',
  EqualBusinessId: 'eq-businessid',
  NotEqualBusinessId: 'ne-businessid',
  Last7Days: 'last-seven-days',
  Next7Days: 'next-seven-days',
};

/** A QueryExpression (`EntityName`, `Criteria`) as FetchXML that returns the ids of the rows. */
export function toFetchXml(query: unknown): string {
  if (!isJsonObject(query) || typeof query.EntityName !== 'string')
    throw invalidArgument('A query of the QuerySet needs an EntityName.');
  if (Array.isArray(query.LinkEntities) && query.LinkEntities.length > 0)
    throw invalidArgument('BulkDelete of the sandbox does not support LinkEntities.');
  const criteria = query.Criteria ?? null;
  const filter = criteria === null ? '' : toFilter(criteria);
  return `<fetch><entity name="${escapeXml(query.EntityName)}">${filter}</entity></fetch>`;
}

function toFilter(filter: unknown): string {
  if (!isJsonObject(filter)) throw invalidArgument('The Criteria of a query are malformed.');
  const { Conditions: conditions = [], Filters: filters = [], FilterOperator: operator } = filter;
  if (!Array.isArray(conditions) || !Array.isArray(filters))
    throw invalidArgument('The Criteria of a query are malformed.');
  const parts = [...conditions.map(toCondition), ...filters.map(toFilter)];
  return parts.length === 0
    ? ''
    : `<filter type="${operator === 'Or' ? 'or' : 'and'}">${parts.join('')}</filter>`;
}

function toCondition(condition: unknown): string {
  if (!isJsonObject(condition)) throw invalidArgument('A condition of a query is malformed.');
  const { AttributeName: attribute, Operator: operator } = condition;
  const name = typeof operator === 'string' ? toOperator(operator) : 'eq';
  const head = `attribute="${escapeXml(String(attribute))}" operator="${escapeXml(name)}"`;
  const values = readValues(condition);
  const [first] = values;
  if (/^(?:not-)?(?:in|between)$|contain-values$/.test(name)) {
    return `<condition ${head}>${values.map((value) => `<value>${escapeXml(value)}</value>`).join('')}</condition>`;
  }
  return `<condition ${head}${first === undefined ? '' : ` value="${escapeXml(first)}"`}/>`;
}

/** `NotIn` becomes `not-in`. */
function toOperator(name: string): string {
  const dashed = name.replaceAll(/(?<=[a-z])([A-Z])/g, '-$1').toLowerCase();
  return irregularOperators[name] ?? dashed;
}

/** The values of a condition: `{ Value, Type }` or plain ones. */
function readValues({ Values: values, Operator: operator }: JsonBody): readonly string[] {
  const texts = (Array.isArray(values) ? values : []).map((value) =>
    String(isJsonObject(value) ? value.Value : value),
  );
  const isContains = operator === 'Contains' || operator === 'DoesNotContain';
  return isContains ? texts.map((value) => `%${value}%`) : texts;
}
