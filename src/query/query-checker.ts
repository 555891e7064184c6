import type { MetadataSource } from '../metadata/metadata-service.ts';
import type { TableLoader } from '../metadata/table-loader.ts';
import type { ConnectorDefinition } from '../model/definition.ts';
import { hasChanged } from './current-metadata.ts';
import type { QueryReport, QueryRequest } from './query-request.ts';
import { ignoreConnectorError, resolveTable } from './resolve-table.ts';

/** Checks queries before they are sent. */
export interface QueryChecker {
  /** Checks a query, FetchXML or body. Reports issues as diagnostics and never throws for them. */
  check(request: QueryRequest): Promise<QueryReport>;
  readonly source: MetadataSource;
}

/** Creates a checker that uses the metadata of an organization, or a snapshot of it. */
export function createQueryChecker(
  definition: Pick<ConnectorDefinition, 'tables'>,
  source: MetadataSource,
): QueryChecker {
  let tables: TableLoader | undefined;
  return {
    source,
    async check(request) {
      // The check, its corrections and the parsers of both languages are loaded with the first query.
      const { buildReport, checkSyntaxOnly, hasErrors } = await import('./build-report.ts');
      const { createTableLoader } = await import('../metadata/table-loader.ts');
      tables ??= createTableLoader(source);
      const { runCheck } = tables;
      const check = async () => {
        const table = await resolveTable(definition, source, request.table);
        const report = runCheck((schema) => buildReport(request, schema, table));
        return (await report.catch(ignoreConnectorError)) ?? checkSyntaxOnly(request);
      };
      const report = await check();
      // An unknown name may be that of a column which was added a moment ago. A wrong syntax stays wrong.
      const isAboutNames = hasErrors(report) && !hasErrors(checkSyntaxOnly(request));
      return isAboutNames && (await hasChanged(source)) ? await check() : report;
    },
  };
}
