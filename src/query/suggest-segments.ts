import type { ConnectorError } from '../errors/connector-error.ts';
import { joinWithOr } from '../errors/join-with-or.ts';
import { suggest } from '../errors/suggest.ts';
import type { MetadataSource } from '../metadata/metadata-service.ts';
import { indexTable } from '../odata/check/table-index.ts';
import { ignoreConnectorError } from './resolve-table.ts';

/**
 * Adds similar names to the error of a request whose path names a relationship or an entity set that does not exist:
 * navigation properties are case-sensitive.
 */
export async function addSegmentSuggestions(
  source: MetadataSource,
  url: string,
  error: ConnectorError,
): Promise<ConnectorError> {
  const { status, serverMessage = '' } = error.details;
  const [, wrong] = /Resource not found for the segment '(\w{1,100})'/.exec(serverMessage) ?? [];
  if (status !== 404 || wrong === undefined) return error;
  const suggestions = (await findSimilar(source, url, wrong).catch(ignoreConnectorError)) ?? [];
  if (suggestions.length === 0) return error;
  return error.withDetails({ advice: `Did you mean ${joinWithOr(suggestions)}?`, suggestions });
}

async function findSimilar(source: MetadataSource, url: string, wrong: string): Promise<readonly string[]> {
  const segments = new URL(url).pathname.split('/').map((segment) => segment.replace(/\(.*/, ''));
  const owner = segments[segments.indexOf(wrong) - 1] ?? '';
  const names = await source.listTables();
  const summary = names.find(({ entitySet }) => entitySet === owner);
  const table = summary && (await source.getTable(summary.name));
  if (table === undefined) {
    const sets = names.map(({ entitySet }) => entitySet);
    return suggest(wrong, sets);
  }
  const similar = indexTable(table).similarNavigations(wrong);
  return similar.slice(0, 3).map(({ name }) => name);
}
