import type { OrganizationStore } from '../../../src/store/types.ts';
import type { Sample } from './sample.ts';

/**
 * The headers of a request with the current version of its row, where the response shows that the named version was
 * the current one: the store gives each row a version of its own.
 */
export function useCurrentVersions(
  store: OrganizationStore,
  { request, status }: Sample,
): Readonly<Record<string, string>> {
  const [, set = '', id = ''] = /\/(\w+)\(([0-9a-f-]{36})\)/i.exec(request.url) ?? [];
  const table = store.model.tableBySet(set);
  const version = table && !table.view ? store.read(table.logicalName, id.toLowerCase())?.version : undefined;
  const isCurrent = (name: string) =>
    /^if-match$/i.test(name)
      ? status !== null && status < 300
      : /^if-none-match$/i.test(name) && status === 304;
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      version !== undefined && isCurrent(name) && /^W\/"/.test(value) ? `W/"${version}"` : value,
    ]),
  );
}
