import type { MetadataSource } from '../metadata/service.ts';
import { createTables, type Tables } from '../metadata/with-tables.ts';
import type { Definition } from '../model/definition.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { JsonObject } from '../model/json.ts';
import { checkBody } from '../odata/check/check-body.ts';
import { type CheckedQuery, checkQuery } from '../odata/check/check-query.ts';
import { either } from '../odata/check/checking.ts';
import { hasErrors } from '../odata/check/fault.ts';
import type { Schema } from '../odata/check/table-index.ts';
import { checkFetch } from '../odata/fetch/check-fetch.ts';
import { encodeQuery, maxUrlLength } from '../odata/url.ts';
import { bodyDiagnostic, toDiagnostic } from './diagnostics.ts';
import { findTable, type NamedTable, unreadable } from './find-table.ts';
import { optionOf, optionsOf, type QueryReport, type QueryRequest } from './request.ts';

/** Queries and names, checked before anything is sent. */
export interface Checker {
  /** Checks a query, FetchXML or body. Never throws for what is wrong with it. */
  check(request: QueryRequest): Promise<QueryReport>;
  readonly source: MetadataSource;
}

/** A checker over an organisation or a snapshot of one. */
export function createChecker(definition: Pick<Definition, 'tables'>, source: MetadataSource): Checker {
  const tables = createTables(source);
  return {
    source,
    async check(request) {
      const table = await findTable(definition, source, request.table);
      return (await judge(tables, request, table)) ?? judgeSyntax(request);
    },
  };
}

async function judge(
  tables: Tables,
  request: QueryRequest,
  table: NamedTable,
): Promise<QueryReport | undefined> {
  return await tables.run((schema) => report(request, schema, table)).catch(unreadable);
}

function judgeSyntax(request: QueryRequest): QueryReport {
  const nothing = { table: () => undefined };
  return { ...report(request, nothing, undefined), against: 'syntax' };
}

function report(request: QueryRequest, schema: Schema, named: NamedTable | undefined): QueryReport {
  const table = named && schema.table(named.logicalName);
  const query = checkQuery(optionsOf(request), schema, table);
  const fetch = request.fetchXml === undefined ? undefined : checkFetch(request.fetchXml, schema);
  const body =
    request.body === undefined || table === undefined ? undefined : checkBody(request.body, schema, table);
  const diagnostics: Diagnostic[] = [
    ...(named !== undefined && table === undefined ? [unknownTable(named)] : []),
    ...query.options.flatMap(({ name: part, text, faults }) =>
      faults.map((fault) => toDiagnostic(part, text, fault)),
    ),
    ...(fetch?.faults ?? []).map((fault) => toDiagnostic('fetchXml', request.fetchXml!, fault)),
    ...(body?.faults ?? []).map((fault) => bodyDiagnostic(request.body!, fault)),
    ...lengthOf(request),
  ];
  const unsettled =
    (hasErrors(fetch?.faults ?? []) && fetch?.corrected === undefined) ||
    (body?.faults.some(({ severity }) => severity === 'error') && body.corrected === undefined) ||
    (query.options.some(({ faults }) => hasErrors(faults)) && query.corrected === undefined);
  const corrected = correct(request, { query, fetchXml: fetch?.corrected, body: body?.corrected });
  const changed = corrected !== request && !unsettled;
  return { diagnostics, ...(changed ? { corrected } : {}), against: 'organisation' };
}

interface Corrections {
  readonly query: CheckedQuery;
  readonly fetchXml: string | undefined;
  readonly body: JsonObject | undefined;
}

function correct(request: QueryRequest, { query, fetchXml, body }: Corrections): QueryRequest {
  if (query.corrected === undefined && fetchXml === undefined && body === undefined) return request;
  const parts = Object.entries(optionOf).flatMap(([name, part]) => {
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

function unknownTable({ written, near }: NamedTable): Diagnostic {
  return toDiagnostic('table', written, {
    severity: 'error',
    code: 'Q105',
    message: `The organisation has no table “${written}”.`,
    start: 0,
    end: written.length,
    fix: near.length > 0 ? `Did you mean ${either(near)}?` : 'Write its logical name or entity set.',
  });
}

function lengthOf(request: QueryRequest): readonly Diagnostic[] {
  const encoded = encodeQuery(Object.entries(optionsOf(request)));
  if (encoded.length <= maxUrlLength.inBatch) return [];
  const [part, text] = Object.entries(optionsOf(request)).sort((a, b) => b[1].length - a[1].length)[0]!;
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
