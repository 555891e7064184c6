import { allSearchScopes, type SearchScope } from './search-scope.ts';
import type { OperationContext } from './types.ts';

/** The state of the search index and of each table in it. */
export function buildSearchStatus(call: OperationContext): object {
  const { store, organizationId, now } = call.context.org;
  const enabled = store.read('organization', organizationId)?.values.isexternalsearchindexenabled !== false;
  const syncedAt = `${store.currentVersion()}!${formatSyncTime(now())}`;
  return {
    status: enabled ? 'provisioned' : 'notprovisioned',
    lockboxstatus: 'Disabled',
    cmkstatus: 'Disabled',
    entitystatusresults: enabled ? allSearchScopes(call).map((scope) => toEntityStatus(scope, syncedAt)) : [],
    manytomanyrelationshipsyncstatus: [],
  };
}

function toEntityStatus({ table, searched }: SearchScope, syncedAt: string): object {
  return {
    entitylogicalname: table.logicalName,
    objecttypecode: String(table.typeCode),
    primarynamefield: table.primaryName,
    lastdatasynctimestamp: syncedAt,
    lastprincipalobjectaccesssynctimestamp: syncedAt,
    entitystatus: 'EntitySyncComplete',
    searchableindexedfieldinfomap: Object.fromEntries(
      searched.map(({ logicalName }) => [logicalName, { indexfieldname: logicalName }]),
    ),
  };
}

/** The size of the search index. The sandbox has no index: it counts the rows and assumes 1 KB for each. */
export function buildSearchStatistics(call: OperationContext): object {
  const { store } = call.context.org;
  const { actor } = call.context;
  const counts = allSearchScopes(call).map(({ table }) => store.count(table.logicalName, { actor }));
  const documentcount = counts.reduce((sum, count) => sum + count, 0);
  return {
    storagesizeinbytes: documentcount * 1024,
    storagesizeinmb: Math.floor(documentcount / 1024),
    documentcount,
  };
}

/** `09/06/2023 18:19:21` */
function formatSyncTime(ms: number): string {
  const [, year, month, day, time] = /^(\d+)-(\d+)-(\d+)T([\d:]+)/.exec(new Date(ms).toISOString()) ?? [];
  return `${month}/${day}/${year} ${time}`;
}
