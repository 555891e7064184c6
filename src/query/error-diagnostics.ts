import type { ConnectorError } from '../errors/connector-error.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { RequestPlan } from '../model/plan.ts';
import { parseQueryString } from '../odata/query/parse-query-string.ts';
import type { QueryChecker } from './query-checker.ts';
import { type QueryRequest, toQueryOptions } from './query-request.ts';
import { toDiagnostic } from './to-diagnostic.ts';

/** A pattern for Dataverse's error messages about a query; each message has a name of the query or a position in it. */
interface MessagePattern {
  readonly pattern: RegExp;
  readonly code: string;
  readonly message: string;
}

/** Messages of Dataverse's parser and query engine. Group `name` is a text of the query, `at` is a position in it. */
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
 * Adds diagnostics to the error of a query that Dataverse rejected (HTTP 400): those of a new check against the
 * organization's tables, or else the part of the query that Dataverse's message refers to.
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
 * Adds a diagnostic to the error of an action's request that Dataverse rejected (HTTP 400). The quoted query and body
 * have no values, since values may be personal data.
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

/** The part of a query that a message of Dataverse refers to, as a diagnostic; empty if the message names no part. */
export function diagnoseMessage(
  options: Readonly<Record<string, string>>,
  message: string,
): readonly Diagnostic[] {
  for (const { pattern, code, message: explanation } of messagePatterns) {
    const { name, at } = pattern.exec(message)?.groups ?? {};
    if (name === undefined && at === undefined) continue;
    for (const [option, text] of Object.entries(options)) {
      const range = name === undefined ? findPosition(text, Number(at), message) : findName(text, name);
      if (range === undefined) continue;
      return [toDiagnostic(option, text, { severity: 'error', code, message: explanation, ...range })];
    }
  }
  return [];
}

interface TextRange {
  readonly start: number;
  readonly end: number;
}

function findName(text: string, name: string): TextRange | undefined {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const found = new RegExp(`(?<![\\w])${escaped}(?![\\w])`).exec(text);
  return found === null ? undefined : { start: found.index, end: found.index + name.length };
}

/** The position is one in the option that the message quotes. */
function findPosition(text: string, at: number, message: string): TextRange | undefined {
  const isQuoted = message.includes(text.slice(0, 40)) && at <= text.length;
  if (!isQuoted) return undefined;
  const start = Math.max(0, Math.min(at, text.length) - 1);
  return { start, end: start + 1 };
}
