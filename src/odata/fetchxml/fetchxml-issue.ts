import { omitUndefined } from '../../model/omit-undefined.ts';
import type { Span } from '../../model/span.ts';
import type { QueryDiagnostic } from '../check/query-diagnostic.ts';
import { escapeXml } from './escape-xml.ts';

/** The rule that an issue breaks. The sandbox answers each rule with Dataverse's error code. */
export type FetchXmlRule =
  | 'wellFormed'
  | 'entity'
  | 'element'
  | 'attribute'
  | 'requiredAttribute'
  | 'value'
  | 'linkType'
  | 'linkCount'
  | 'linkColumns'
  | 'filterType'
  | 'operator'
  | 'valueCount'
  | 'columnComparison'
  | 'aliasName'
  | 'uniqueAlias'
  | 'knownAlias'
  | 'knownColumnAlias'
  | 'aggregateFunction'
  | 'aggregateAlias'
  | 'aggregateColumns'
  | 'groupOrAggregate'
  | 'dateGrouping'
  | 'orderColumn'
  | 'orderAlias'
  | 'orderLink'
  | 'topWithPages';

/** One error or warning in a FetchXML query. */
export interface FetchXmlIssue extends QueryDiagnostic {
  /** Absent for issues that only the organization's metadata shows. */
  readonly rule?: FetchXmlRule;
}

/** What is wrong at a span. `text` is its replacement. */
export type FetchXmlIssueDetails = Pick<FetchXmlIssue, 'code' | 'message' | 'fix' | 'rule'> & {
  readonly severity?: 'warning' | undefined;
  readonly text?: string | undefined;
};

/** Adds an issue to a list. */
export function reportFetchXml(
  issues: FetchXmlIssue[],
  { start, end }: Span,
  { text, severity, ...rest }: FetchXmlIssueDetails,
): void {
  const edit = text === undefined ? undefined : { start, end, text: escapeXml(text) };
  issues.push(omitUndefined({ severity: severity ?? 'error', ...rest, start, end, edit }));
}
