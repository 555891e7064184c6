import { joinWithOr } from '../errors/join-with-or.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { checkBody } from '../odata/check/check-body.ts';
import { checkQuery } from '../odata/check/check-query.ts';
import type { MetadataSchema, TableIndex } from '../odata/check/table-index.ts';
import { encodeQuery } from '../odata/encode-url.ts';
import { checkFetchXml } from '../odata/fetchxml/check-fetchxml.ts';
import { maxUrlLength } from '../odata/limits.ts';
import { type QueryReport, type QueryRequest, queryOptionParts, toQueryOptions } from './query-request.ts';
import type { ResolvedTable } from './resolve-table.ts';
import { toBodyDiagnostic, toDiagnostic } from './to-diagnostic.ts';

/** What can be said of a query without the tables that it uses: its syntax. */
export function checkSyntaxOnly(request: QueryRequest): QueryReport {
  const noTables = { table: () => undefined };
  return { ...buildReport(request, noTables, undefined), against: 'syntax' };
}

/** Checks each part of a request against tables. `named`: the table that the request names. */
export function buildReport(
  request: QueryRequest,
  schema: MetadataSchema,
  named: ResolvedTable | undefined,
): QueryReport {
  const table = named && schema.table(named.logicalName);
  const query = checkQueryPart(request, schema, table);
  const fetchXml = checkFetchXmlPart(request, schema);
  const body = checkBodyPart(request, schema, table);
  const parts = [query, fetchXml, body];
  const diagnostics: Diagnostic[] = [
    ...(named !== undefined && table === undefined ? [unknownTable(named)] : []),
    ...parts.flatMap((part) => part.diagnostics),
    ...checkLength(request),
  ];
  const hasCorrection = parts.some(({ corrected }) => corrected !== undefined);
  // A correction that repairs only a part of the request would be rejected like the request itself.
  const isRepaired = parts.every((part) => part.corrected !== undefined || !hasErrors(part));
  const corrected = { ...request, ...query.corrected, ...fetchXml.corrected, ...body.corrected };
  return omitUndefined({
    diagnostics,
    corrected: hasCorrection && isRepaired ? corrected : undefined,
    against: 'organization',
  });
}

/** The diagnostics of one part of a request, and the members of the request that repair it. */
interface PartReport {
  readonly diagnostics: readonly Diagnostic[];
  readonly corrected?: Partial<QueryRequest>;
}

/** Whether something of a report would be refused. */
export function hasErrors({ diagnostics }: Pick<PartReport, 'diagnostics'>): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

function checkQueryPart(
  request: QueryRequest,
  schema: MetadataSchema,
  table: TableIndex | undefined,
): PartReport {
  const { options, corrected } = checkQuery(toQueryOptions(request), schema, table);
  const diagnostics = options.flatMap(({ name, text, diagnostics: found }) =>
    found.map((one) => toDiagnostic(name, text, one)),
  );
  if (corrected === undefined) return { diagnostics };
  const members = Object.entries(queryOptionParts).map(([name, part]) => [part, corrected[name]]);
  return { diagnostics, corrected: omitUndefined(Object.fromEntries(members)) };
}

function checkFetchXmlPart({ fetchXml }: QueryRequest, schema: MetadataSchema): PartReport {
  if (fetchXml === undefined) return { diagnostics: [] };
  const { diagnostics, corrected } = checkFetchXml(fetchXml, schema);
  return {
    diagnostics: diagnostics.map((one) => toDiagnostic('fetchXml', fetchXml, one)),
    corrected: corrected === undefined ? undefined : { fetchXml: corrected },
  };
}

function checkBodyPart(
  { body }: QueryRequest,
  schema: MetadataSchema,
  table: TableIndex | undefined,
): PartReport {
  if (body === undefined || table === undefined) return { diagnostics: [] };
  const { issues, corrected } = checkBody(body, schema, table);
  return {
    diagnostics: issues.map((issue) => toBodyDiagnostic(body, issue)),
    corrected: corrected === undefined ? undefined : { body: corrected },
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
        : "Write the table's logical name or entity set.",
  });
}

function checkLength(request: QueryRequest): readonly Diagnostic[] {
  const options = Object.entries(toQueryOptions(request));
  const { length } = encodeQuery(options);
  if (length <= maxUrlLength.inBatch) return [];
  const [longest] = options.sort(([, a], [, b]) => b.length - a.length);
  const [part, text] = longest ?? ['$filter', ''];
  return [
    toDiagnostic(part, text, {
      severity: 'error',
      code: 'Q106',
      message: `The percent-encoded query has ${length} characters; Dataverse accepts up to ${maxUrlLength.inBatch}.`,
      start: 0,
      end: text.length,
      fix: 'Use In with a list of values, or split it into several queries.',
    }),
  ];
}
