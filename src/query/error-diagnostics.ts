import type { ConnectorError } from '../errors/connector-error.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { RequestPlan } from '../model/plan.ts';
import { parseQueryString } from '../odata/query/parse-query-string.ts';
import type { QueryChecker } from './query-checker.ts';
import { type QueryRequest, toQueryOptions } from './query-request.ts';
import { toDiagnostic } from './to-diagnostic.ts';

/** What a refusal of Dataverse says of the query: a name in it, or a position. */
interface MessagePattern {
  readonly pattern: RegExp;
  readonly code: string;
  readonly message: string;
}

/** Sentences of Dataverse's parser and query engine; the group `name` stands in the query, `at` is a position in it. */
const messagePatterns: readonly MessagePattern[] = [
  {
    pattern: /Could not find a property named '(?<name>[^']{1,100})'/,
    code: 'Q110',
    message: 'The organization has no such column here.',
  },
  {
    pattern: /doesn't contain attribute with Name = '(?<name>[^']{1,100})'/i,
    code: 'Q110',
    message: 'The organization has no such column here.',
  },
  {
    pattern: /attribute '?(?<name>\w{1,100})'? (?:was not found|does not exist)/i,
    code: 'Q110',
    message: 'The organization has no such column here.',
  },
  {
    pattern: /undeclared property '(?<name>[^']{1,100})'/,
    code: 'Q160',
    message: 'This is not a navigation property of the table.',
  },
  {
    pattern:
      /(?:unknown function with name|function signature for the function with name) '(?<name>[^']{1,100})'/,
    code: 'Q102',
    message: 'Dataverse has no such function.',
  },
  {
    pattern: /Property '(?<name>[^']{1,100})' on type '[^']{1,200}' is not a navigation property/,
    code: 'Q140',
    message: 'This cannot be expanded.',
  },
  {
    pattern: /Term '(?<name>[^']{1,100})' is not valid in a \$select or \$expand/,
    code: 'Q140',
    message: 'This cannot be selected or expanded.',
  },
  {
    pattern:
      /(?:unterminated string literal|syntax error|expected|character '.' is not valid).{0,40}? at position (?<at>\d{1,5})/i,
    code: 'Q101',
    message: 'Dataverse cannot read the query here.',
  },
];

/**
 * The refusal of a query with diagnostics: the part that Dataverse's message speaks of is marked in the text, and
 * what a fresh look at the organization's tables finds is added. The error is otherwise the same.
 */
export async function addQueryDiagnostics(
  checker: QueryChecker,
  request: QueryRequest,
  error: ConnectorError,
): Promise<ConnectorError> {
  if (error.details.status !== 400) return error;
  const found = (await checker.check(request)).diagnostics;
  const diagnostics =
    found.length > 0 ? found : diagnoseMessage(toQueryOptions(request), error.details.serverMessage ?? '');
  return diagnostics.length === 0 ? error : error.withDetails({ diagnostics });
}

/**
 * The refusal of an action's own request with the offending part marked. Values are not repeated: they may be
 * somebody's data.
 */
export function addPlanDiagnostics(
  { url, body }: Pick<RequestPlan, 'url' | 'body'>,
  error: ConnectorError,
): ConnectorError {
  if (error.details.status !== 400) return error;
  const parsed = parseQueryString(new URL(url).search.slice(1));
  const options = parsed.ok ? [...parsed.value.options].map(([name, text]) => [name, maskValues(text)]) : [];
  const names =
    body !== null && typeof body === 'object' ? Object.keys(body).map((name) => `"${name}": …`) : [];
  const texts = { ...Object.fromEntries(options), body: names.join('\n') };
  const diagnostics = diagnoseMessage(texts, error.details.serverMessage ?? '');
  return diagnostics.length === 0 ? error : error.withDetails({ diagnostics });
}

function maskValues(text: string): string {
  return text.replace(/'(?:[^']|'')*'/g, (value) => `'${'·'.repeat(value.length - 2)}'`);
}

/** The part of a query that a message of Dataverse speaks of, as a diagnostic; none when it says nothing of a place. */
export function diagnoseMessage(
  options: Readonly<Record<string, string>>,
  message: string,
): readonly Diagnostic[] {
  for (const { pattern, code, message: said } of messagePatterns) {
    const { name, at } = pattern.exec(message)?.groups ?? {};
    if (name === undefined && at === undefined) continue;
    for (const [option, text] of Object.entries(options)) {
      const place = name === undefined ? findPosition(text, Number(at), message) : findName(text, name);
      if (place === undefined) continue;
      return [toDiagnostic(option, text, { severity: 'error', code, message: said, ...place })];
    }
  }
  return [];
}

function findName(text: string, name: string): { start: number; end: number } | undefined {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const found = new RegExp(`(?<![\\w])${escaped}(?![\\w])`).exec(text);
  return found === null ? undefined : { start: found.index, end: found.index + name.length };
}

/** A position counts in the option that the message repeats, or in the first that is long enough. */
function findPosition(text: string, at: number, message: string): { start: number; end: number } | undefined {
  const isQuoted = message.includes(text.slice(0, 40)) && at <= text.length;
  if (!isQuoted) return undefined;
  const start = Math.max(0, Math.min(at, text.length) - 1);
  return { start, end: start + 1 };
}
