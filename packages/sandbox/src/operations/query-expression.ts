import { isJsonObject } from 'dynamics365-connector/base';
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
    throw invalidArgument('A query needs an EntityName.');
  const criteria = query.Criteria ?? null;
  const filter = criteria === null ? '' : toFilter(criteria);
  const links = toLinks(query.LinkEntities ?? []);
  return `<fetch><entity name="${escapeXml(query.EntityName)}">${filter}${links}</entity></fetch>`;
}

/** `LinkEntities` as `link-entity` elements. */
function toLinks(links: unknown): string {
  if (!Array.isArray(links)) throw invalidArgument('The LinkEntities of a query are malformed.');
  return links.map(toLink).join('');
}

function toLink(link: unknown): string {
  if (!isJsonObject(link)) throw invalidArgument('A LinkEntity of a query is malformed.');
  const { LinkToEntityName: name, LinkToAttributeName: from, LinkFromAttributeName: to } = link;
  const { JoinOperator: join = 'Inner', EntityAlias: alias, LinkCriteria: criteria } = link;
  const attributes = { name, from, to, 'link-type': joinTypes[String(join)] ?? String(join), alias };
  const given = Object.entries(attributes).filter(([, value]) => typeof value === 'string');
  const text = given.map(([key, value]) => `${key}="${escapeXml(String(value))}"`).join(' ');
  const filter = criteria == null ? '' : toFilter(criteria);
  return `<link-entity ${text}>${filter}${toLinks(link.LinkEntities ?? [])}</link-entity>`;
}

const joinTypes: Readonly<Record<string, string>> = {
  Inner: 'inner',
  LeftOuter: 'outer',
  Natural: 'natural',
  Exists: 'exists',
  In: 'in',
  Any: 'any',
  NotAny: 'not any',
  All: 'all',
  NotAll: 'not all',
};

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
  const entity =
    typeof condition.EntityName === 'string' ? ` entityname="${escapeXml(condition.EntityName)}"` : '';
  const head = `attribute="${escapeXml(String(attribute))}" operator="${escapeXml(name)}"${entity}`;
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
