import { toDiagnosticMessage } from '../errors/to-diagnostic-message.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { JsonObject } from '../model/json.ts';
import type { BodyIssue } from '../odata/check/body-issue.ts';
import type { QueryDiagnostic } from '../odata/check/query-diagnostic.ts';

/** A fault of a query as a diagnostic, in the form of those of YAML; `part` is what the text is: `$filter`. */
export function toDiagnostic(part: string, text: string, fault: Omit<QueryDiagnostic, 'edit'>): Diagnostic {
  const { severity, code, message, fix, start } = fault;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', lineStart);
  const source = text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd);
  const length = Math.min(fault.end, lineStart + source.length) - start;
  return {
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
    ...(fix === undefined ? {} : { fix: toDiagnosticMessage(fix) }),
  };
}

/** A fault of a body: its place is in the body as JSON, a line a property. */
export function toBodyDiagnostic(body: JsonObject, fault: BodyIssue): Diagnostic {
  const text = JSON.stringify(body, null, 2);
  const name = fault.pointer.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');
  const start = text.indexOf(`\n  ${JSON.stringify(name)}:`) + 3;
  return toDiagnostic('body', text, { ...fault, start, end: start + JSON.stringify(name).length });
}
