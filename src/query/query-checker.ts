import type { MetadataSource } from '../metadata/metadata-service.ts';
import { createTableLoader, type TableLoader } from '../metadata/table-loader.ts';
import type { ConnectorDefinition } from '../model/definition.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { JsonObject } from '../model/json.ts';
import { checkBody } from '../odata/check/check-body.ts';
import { joinWithOr } from '../odata/check/check-context.ts';
import { checkQuery, type QueryCheckResult } from '../odata/check/check-query.ts';
import { hasErrors } from '../odata/check/query-diagnostic.ts';
import type { MetadataSchema } from '../odata/check/table-index.ts';
import { encodeQuery, maxUrlLength } from '../odata/encode-url.ts';
import { checkFetchXml } from '../odata/fetchxml/check-fetchxml.ts';
import { type QueryReport, type QueryRequest, queryOptionParts, toQueryOptions } from './query-request.ts';
import { ignoreConnectorError, type ResolvedTable, resolveTable } from './resolve-table.ts';
import { toBodyDiagnostic, toDiagnostic } from './to-diagnostic.ts';

/** Queries and names, checked before anything is sent. */
export interface QueryChecker {
  /** Checks a query, FetchXML or body. Never throws for what is wrong with it. */
  check(request: QueryRequest): Promise<QueryReport>;
  readonly source: MetadataSource;
}

/** A checker over an organization or a snapshot of one. */
export function createQueryChecker(
  definition: Pick<ConnectorDefinition, 'tables'>,
  source: MetadataSource,
): QueryChecker {
  const tables = createTableLoader(source);
  return {
    source,
    async check(request) {
      const table = await resolveTable(definition, source, request.table);
      return (await checkAgainstTables(tables, request, table)) ?? checkSyntaxOnly(request);
    },
  };
}

async function checkAgainstTables(
  tables: TableLoader,
  request: QueryRequest,
  table: ResolvedTable,
): Promise<QueryReport | undefined> {
  return await tables.runCheck((schema) => buildReport(request, schema, table)).catch(ignoreConnectorError);
}

function checkSyntaxOnly(request: QueryRequest): QueryReport {
  const nothing = { table: () => undefined };
  return { ...buildReport(request, nothing, undefined), against: 'syntax' };
}

function buildReport(
  request: QueryRequest,
  schema: MetadataSchema,
  named: ResolvedTable | undefined,
): QueryReport {
  const table = named && schema.table(named.logicalName);
  const query = checkQuery(toQueryOptions(request), schema, table);
  const fetch = request.fetchXml === undefined ? undefined : checkFetchXml(request.fetchXml, schema);
  const body =
    request.body === undefined || table === undefined ? undefined : checkBody(request.body, schema, table);
  const diagnostics: Diagnostic[] = [
    ...(named !== undefined && table === undefined ? [unknownTable(named)] : []),
    ...query.options.flatMap(({ name: part, text, diagnostics }) =>
      diagnostics.map((fault) => toDiagnostic(part, text, fault)),
    ),
    ...(fetch?.diagnostics ?? []).map((fault) => toDiagnostic('fetchXml', request.fetchXml!, fault)),
    ...(body?.issues ?? []).map((fault) => toBodyDiagnostic(request.body!, fault)),
    ...checkLength(request),
  ];
  const isUnresolved =
    (hasErrors(fetch?.diagnostics ?? []) && fetch?.corrected === undefined) ||
    (body?.issues.some(({ severity }) => severity === 'error') && body.corrected === undefined) ||
    (query.options.some(({ diagnostics }) => hasErrors(diagnostics)) && query.corrected === undefined);
  const corrected = applyCorrections(request, { query, fetchXml: fetch?.corrected, body: body?.corrected });
  const changed = corrected !== request && !isUnresolved;
  return { diagnostics, ...(changed ? { corrected } : {}), against: 'organization' };
}

interface Corrections {
  readonly query: QueryCheckResult;
  readonly fetchXml: string | undefined;
  readonly body: JsonObject | undefined;
}

function applyCorrections(request: QueryRequest, { query, fetchXml, body }: Corrections): QueryRequest {
  if (query.corrected === undefined && fetchXml === undefined && body === undefined) return request;
  const parts = Object.entries(queryOptionParts).flatMap(([name, part]) => {
    const text = query.corrected?.[name];
    return text === undefined ? [] : [[part, text] as const];
  });
  return {
    ...request,
    ...Object.fromEntries(parts),
    ...(fetchXml === undefined ? {} : { fetchXml }),
    ...(body === undefined ? {} : { body }),
  };
}

function unknownTable({ name, suggestions }: ResolvedTable): Diagnostic {
  return toDiagnostic('table', name, {
    severity: 'error',
    code: 'Q105',
    message: `The organization has no table “${name}”.`,
    start: 0,
    end: name.length,
    fix:
      suggestions.length > 0
        ? `Did you mean ${joinWithOr(suggestions)}?`
        : 'Write its logical name or entity set.',
  });
}

function checkLength(request: QueryRequest): readonly Diagnostic[] {
  const encoded = encodeQuery(Object.entries(toQueryOptions(request)));
  if (encoded.length <= maxUrlLength.inBatch) return [];
  const [part, text] = Object.entries(toQueryOptions(request)).sort((a, b) => b[1].length - a[1].length)[0]!;
  return [
    toDiagnostic(part, text, {
      severity: 'error',
      code: 'Q106',
      message: `The query is ${encoded.length} characters long, percent-encoded; Dataverse takes ${maxUrlLength.inBatch}.`,
      start: 0,
      end: text.length,
      fix: 'Use In with a list of values, or ask in several queries.',
    }),
  ];
}
