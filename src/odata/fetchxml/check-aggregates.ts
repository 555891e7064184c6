import { suggest } from '../../errors/suggest.ts';
import { type FetchXmlDocument, isTrue } from './fetchxml-document.ts';
import { type FetchXmlIssue, reportFetchXml } from './fetchxml-issue.ts';
import type { XmlElement } from './read-xml.ts';

/** Checks the columns and the order of a query that aggregates, or of one that does not. */
export function checkAggregates(document: FetchXmlDocument, issues: FetchXmlIssue[]): void {
  const children = document.sources.flatMap(({ element }) => element.children);
  const columns = children.filter(({ name }) => name === 'attribute');
  const orders = children.filter(({ name }) => name === 'order');
  if (!document.isAggregate) {
    for (const column of columns) checkPlainColumn(column, issues);
    for (const order of orders) checkPlainOrder(order, issues);
    return;
  }
  for (const all of children.filter(({ name }) => name === 'all-attributes')) reportPlainColumn(all, issues);
  for (const column of columns) checkAggregateColumn(column, issues);
  const aliases = columns.map(({ attributes }) => attributes.alias ?? attributes.name ?? '');
  for (const order of orders) checkAggregateOrder(order, aliases, issues);
}

function checkPlainColumn(column: XmlElement, issues: FetchXmlIssue[]): void {
  if (column.attributes.aggregate === undefined && !isTrue(column.attributes.groupby)) return;
  reportFetchXml(issues, column, {
    severity: 'warning',
    code: 'Q175',
    message: 'A total or a group has no effect in a query that does not aggregate.',
    fix: 'Write <fetch aggregate="true">.',
  });
}

function reportPlainColumn(column: XmlElement, issues: FetchXmlIssue[]): void {
  reportFetchXml(issues, column, {
    rule: 'aggregateColumns',
    code: 'Q175',
    message: 'A query that aggregates returns only totals and groups.',
    fix: 'Write aggregate="…" or groupby="true" with an alias, or remove the column.',
  });
}

function checkAggregateColumn(column: XmlElement, issues: FetchXmlIssue[]): void {
  const { aggregate, groupby, alias } = column.attributes;
  if (aggregate === undefined && !isTrue(groupby)) reportPlainColumn(column, issues);
  if (aggregate !== undefined && isTrue(groupby))
    reportFetchXml(issues, column.attributeSpans.groupby?.name ?? column, {
      rule: 'groupOrAggregate',
      code: 'Q175',
      message: 'A column is either a total or a group.',
      fix: 'Write two columns with an alias each.',
    });
  if (aggregate !== undefined && alias === undefined)
    reportFetchXml(issues, column, {
      rule: 'aggregateAlias',
      code: 'Q175',
      message: `The total ${aggregate} needs an alias.`,
      fix: 'Write alias="…".',
    });
}

function checkPlainOrder(order: XmlElement, issues: FetchXmlIssue[]): void {
  if (order.attributes.attribute !== undefined) return;
  reportFetchXml(issues, order.attributeSpans.alias?.name ?? order, {
    rule: 'orderColumn',
    code: 'Q175',
    message: 'A query that does not aggregate is ordered by columns.',
    fix: 'Write attribute="…" with the name of a column.',
  });
}

function checkAggregateOrder(order: XmlElement, aliases: readonly string[], issues: FetchXmlIssue[]): void {
  const { alias } = order.attributes;
  if (alias !== undefined && aliases.includes(alias)) return;
  const [near] = alias === undefined ? [] : suggest(alias, aliases, 1);
  const span = order.attributeSpans.alias?.value ?? order;
  reportFetchXml(issues, span, {
    rule: alias === undefined ? 'orderAlias' : 'knownColumnAlias',
    code: 'Q175',
    message:
      alias === undefined
        ? 'A query that aggregates is ordered by the alias of a total or a group.'
        : `No column of the query has the alias “${alias}”.`,
    fix: near === undefined ? `Write alias="${aliases[0] ?? '…'}".` : `Did you mean ${near}?`,
    text: near,
  });
}
