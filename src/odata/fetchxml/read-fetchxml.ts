import { checkAggregates } from './check-aggregates.ts';
import { checkConditionShape } from './check-conditions.ts';
import { checkElement } from './check-elements.ts';
import {
  checkAliases,
  checkLinkInFilter,
  checkLinkOutsideFilter,
  checkLinks,
  checkPaging,
} from './check-links.ts';
import { type FetchXmlDocument, toDocument } from './fetchxml-document.ts';
import { type FetchXmlIssue, reportFetchXml } from './fetchxml-issue.ts';
import { readXml, type XmlElement } from './read-xml.ts';

/** A FetchXML query, or the issues that leave none. */
export interface FetchXmlReading {
  /** Undefined if the text is not `<fetch>` with an `<entity>`. */
  readonly document?: FetchXmlDocument;
  /** Everything that Dataverse rejects whatever tables the organization has, and warnings. */
  readonly issues: readonly FetchXmlIssue[];
}

/**
 * Reads a FetchXML query and checks it by all rules that need no metadata: its elements, attributes, operators, links,
 * aliases, totals and pages. The check of queries and the sandbox both use it.
 * https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/
 */
export function readFetchXml(text: string): FetchXmlReading {
  const { root, diagnostics } = readXml(text);
  if (root === undefined)
    return { issues: diagnostics.map((diagnostic) => ({ ...diagnostic, rule: 'wellFormed' })) };
  const issues: FetchXmlIssue[] = [];
  const document = toDocument(root);
  if (document === undefined) {
    reportFetchXml(issues, root, {
      rule: 'entity',
      code: 'Q171',
      message: root.name === 'fetch' ? '<fetch> needs an <entity>.' : 'FetchXML begins with <fetch>.',
      fix: 'Write <fetch><entity name="…">.',
    });
    return { issues };
  }
  checkDocument(document, issues);
  return { document, issues: issues.sort((a, b) => a.start - b.start) };
}

function checkDocument(document: FetchXmlDocument, issues: FetchXmlIssue[]): void {
  const { root, entity } = document;
  checkElement(root, issues);
  const others = root.children.filter((child) => child.name === 'entity' && child !== entity);
  for (const other of others)
    reportFetchXml(issues, other, {
      rule: 'entity',
      code: 'Q171',
      message: '<fetch> has one <entity>.',
      fix: 'Write <link-entity> inside the first one, or a second query.',
    });
  checkFilters(entity, issues);
  checkLinks(document, issues);
  checkAliases(document, issues);
  checkAggregates(document, issues);
  checkPaging(document, issues);
}

/** Checks the conditions and links in the filters of an element. */
function checkFilters(element: XmlElement, issues: FetchXmlIssue[]): void {
  for (const child of element.children) {
    if (child.name === 'condition') checkConditionShape(child, issues);
    if (child.name === 'link-entity')
      if (element.name === 'filter') checkLinkInFilter(child, issues);
      else checkLinkOutsideFilter(child, issues);
    checkFilters(child, issues);
  }
}
