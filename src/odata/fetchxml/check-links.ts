import { suggest } from '../../errors/suggest.ts';
import { maxLinkEntities, maxPageSize } from '../limits.ts';
import { type FetchXmlDocument, isSemiJoin, isTrue } from './fetchxml-document.ts';
import { type FetchXmlIssue, reportFetchXml } from './fetchxml-issue.ts';
import { filterLinkTypes, semiJoinTypes } from './fetchxml-schema.ts';
import type { XmlElement } from './read-xml.ts';

/** Checks the links: their number, their columns, and those in filters. */
export function checkLinks({ links }: FetchXmlDocument, issues: FetchXmlIssue[]): void {
  const [tooMany] = links.slice(maxLinkEntities);
  if (tooMany !== undefined)
    reportFetchXml(issues, tooMany, {
      rule: 'linkCount',
      code: 'Q174',
      message: `A query joins up to ${maxLinkEntities} tables; this one joins ${links.length}.`,
      fix: 'Split it into several queries.',
    });
  for (const link of links.filter(isSemiJoin)) {
    const columns = link.children.filter(({ name }) => name === 'attribute' || name === 'all-attributes');
    for (const column of columns)
      reportFetchXml(issues, column, {
        rule: 'linkColumns',
        code: 'Q174',
        message: `A link of type ${link.attributes['link-type']} only restricts rows and returns no columns.`,
        fix: 'Remove the column, or use link-type="inner" with an alias.',
      });
  }
}

/** Checks a link in a filter: it must be one that only restricts rows. */
export function checkLinkInFilter(link: XmlElement, issues: FetchXmlIssue[]): void {
  if (isSemiJoin(link)) return;
  reportFetchXml(issues, link.attributeSpans['link-type']?.value ?? link, {
    rule: 'linkType',
    code: 'Q174',
    message: 'A link in a filter must have a type that only restricts rows.',
    fix: `Write link-type="any", or one of: ${semiJoinTypes.join(', ')}.`,
  });
}

/**
 * Warns of a link that restricts rows by `any`, `not any`, `all` or `not all` and is in no filter: nobody has shown what
 * Dataverse does with it.
 * https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/filter-rows
 */
export function checkLinkOutsideFilter(link: XmlElement, issues: FetchXmlIssue[]): void {
  const { 'link-type': type = '' } = link.attributes;
  if (!filterLinkTypes.includes(type)) return;
  reportFetchXml(issues, link.attributeSpans['link-type']?.value ?? link, {
    severity: 'warning',
    code: 'Q174',
    message: `A link of type ${type} is documented only inside of a <filter>.`,
    fix: 'Put it into a <filter>, or write link-type="exists".',
  });
}

/** Checks that aliases are used once, and that `entityname` and `valueof` refer to a table of the query. */
export function checkAliases({ sources, entity }: FetchXmlDocument, issues: FetchXmlIssue[]): void {
  const names = new Set(sources.map(({ name }) => name));
  const links = sources.slice(1).map(({ element }) => element);
  reportRepeatedAliases(links, issues);
  reportRepeatedAliases(
    sources.flatMap(({ element }) => element.children.filter(({ name }) => name === 'attribute')),
    issues,
  );
  visit(entity, (element) => {
    const { entityname, valueof = '' } = element.attributes;
    const spans = element.attributeSpans;
    if (entityname !== undefined && !names.has(entityname))
      reportUnknownAlias(entityname, spans.entityname?.value ?? element, { element, names, issues });
    const dot = valueof.indexOf('.');
    const start = spans.valueof?.value.start ?? element.start;
    if (dot > 0 && !names.has(valueof.slice(0, dot)))
      reportUnknownAlias(valueof.slice(0, dot), { start, end: start + dot }, { element, names, issues });
  });
}

function visit(element: XmlElement, work: (element: XmlElement) => void): void {
  work(element);
  for (const child of element.children) visit(child, work);
}

function reportRepeatedAliases(elements: readonly XmlElement[], issues: FetchXmlIssue[]): void {
  const seen = new Set<string>();
  for (const element of elements) {
    const { alias } = element.attributes;
    if (alias === undefined) continue;
    if (seen.has(alias))
      reportFetchXml(issues, element.attributeSpans.alias?.value ?? element, {
        rule: 'uniqueAlias',
        code: 'Q174',
        message: `The alias ${alias} is used twice.`,
        fix: 'Write another alias.',
      });
    seen.add(alias);
  }
}

function reportUnknownAlias(
  name: string,
  span: { readonly start: number; readonly end: number },
  { element, names, issues }: { element: XmlElement; names: ReadonlySet<string>; issues: FetchXmlIssue[] },
): void {
  const [near] = suggest(name, names, 1);
  reportFetchXml(issues, span, {
    rule: element.name === 'order' ? 'orderLink' : 'knownAlias',
    code: 'Q174',
    message: `No joined table of the query has the alias “${name}”.`,
    fix: near === undefined ? `Use one of: ${[...names].join(', ')}.` : `Did you mean ${near}?`,
    text: near,
  });
}

/** Checks `top` beside the attributes that ask for pages. */
export function checkPaging({ root }: FetchXmlDocument, issues: FetchXmlIssue[]): void {
  const { top, page, count, returntotalrecordcount } = root.attributes;
  const span = root.attributeSpans.top?.name ?? root;
  if (top === undefined) return;
  const other = page === undefined ? 'returntotalrecordcount' : 'page';
  if (page !== undefined || isTrue(returntotalrecordcount))
    reportFetchXml(issues, span, {
      rule: 'topWithPages',
      code: 'Q176',
      message: `top cannot be used together with ${other}.`,
      fix: 'Use count and page to read pages, or remove them.',
    });
  else if (count !== undefined)
    reportFetchXml(issues, span, {
      severity: 'warning',
      code: 'Q176',
      message: 'count has no effect beside top.',
      fix: 'Remove count.',
    });
  if (Number(top) > maxPageSize)
    reportFetchXml(issues, root.attributeSpans.top?.value ?? root, {
      severity: 'warning',
      code: 'Q176',
      message: `top is at most ${maxPageSize}.`,
      fix: 'Use count and page to read more rows.',
    });
}
