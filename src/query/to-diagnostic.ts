import { toDiagnosticMessage } from '../errors/to-diagnostic-message.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { JsonObject } from '../model/json.ts';
import { parseJsonPointer } from '../model/json-pointer.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { BodyIssue } from '../odata/check/body-issue.ts';
import type { QueryDiagnostic } from '../odata/check/query-diagnostic.ts';

/**
 * Converts an issue of a query to a diagnostic with line and column, like those of YAML files.
 *
 * @param part the part of the request that the text is: `$filter`
 */
export function toDiagnostic(part: string, text: string, issue: Omit<QueryDiagnostic, 'edit'>): Diagnostic {
  const { severity, code, message, fix, start } = issue;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', lineStart);
  const source = text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd);
  const length = Math.min(issue.end, lineStart + source.length) - start;
  return omitUndefined({
    severity,
    code,
    message: toDiagnosticMessage(message),
    location: {
      file: part,
      line: text.slice(0, lineStart).split('\n').length,
      column: start - lineStart + 1,
      length: Math.max(1, length),
    },
    sourceLine: source,
    fix: fix === undefined ? undefined : toDiagnosticMessage(fix),
  });
}

/** Converts an issue of a body to a diagnostic. Its location is in the body as JSON with one property per line. */
export function toBodyDiagnostic(body: JsonObject, issue: BodyIssue): Diagnostic {
  const text = JSON.stringify(body, null, 2);
  const name = parseJsonPointer(issue.pointer).join('/');
  const start = text.indexOf(`\n  ${JSON.stringify(name)}:`) + 3;
  return toDiagnostic('body', text, { ...issue, start, end: start + JSON.stringify(name).length });
}
