import { applyEdits } from '../../model/apply-edits.ts';
import { type CheckResult, hasErrors } from '../check/query-diagnostic.ts';
import type { MetadataSchema } from '../check/table-index.ts';
import { checkTables } from './check-tables.ts';
import type { FetchXmlIssue } from './fetchxml-issue.ts';
import { readFetchXml } from './read-fetchxml.ts';

/**
 * Checks FetchXML: its rules without metadata, then its tables, columns, operators, values and joins against the
 * metadata.
 * https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/
 */
export function checkFetchXml(text: string, schema: MetadataSchema): CheckResult {
  const diagnostics = collectIssues(text, schema);
  const edits = diagnostics.flatMap(({ edit }) => edit ?? []);
  if (edits.length === 0) return { diagnostics };
  const corrected = applyEdits(text, edits);
  return hasErrors(collectIssues(corrected, schema)) ? { diagnostics } : { diagnostics, corrected };
}

function collectIssues(text: string, schema: MetadataSchema): readonly FetchXmlIssue[] {
  const { document, issues } = readFetchXml(text);
  if (document === undefined) return issues;
  return [...issues, ...checkTables(document, schema)].sort((a, b) => a.start - b.start);
}
