import { nullGuid } from '../guid.ts';
import { toReference } from '../store/entity-reference.ts';
import { invalidArgument } from '../web-api/errors.ts';
import { toFriendlyName } from '../web-api/friendly-name.ts';
import { operationResponse, readListParameter } from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

const dataverseVersion = '9.2.24074.198';

/** Operations about the current user and the organization. */
export const organizationOperations: readonly WebApiOperation[] = [
  {
    name: 'WhoAmI',
    kind: 'function',
    parameters: {},
    run(call) {
      const { org, actor } = call.context;
      return operationResponse(call, {
        BusinessUnitId: findBusinessUnitId(call),
        UserId: actor.userId,
        OrganizationId: org.organizationId,
      });
    },
  },
  {
    name: 'RetrieveVersion',
    kind: 'function',
    parameters: {},
    run: (call) => operationResponse(call, { Version: dataverseVersion }),
  },
  {
    name: 'RetrieveCurrentOrganization',
    kind: 'function',
    parameters: { AccessType: 'required' },
    run: (call) => operationResponse(call, { Detail: buildOrganizationDetail(call) }),
  },
  {
    name: 'RetrieveTotalRecordCount',
    kind: 'function',
    parameters: { EntityNames: 'required' },
    run(call) {
      const names = readListParameter(call, 'EntityNames').map(String);
      const counts = names.map((name) => countRowsOf(call, name));
      return operationResponse(call, {
        EntityRecordCountCollection: { Count: names.length, IsReadOnly: false, Keys: names, Values: counts },
      });
    },
  },
  {
    name: 'RetrieveTimestamp',
    kind: 'function',
    parameters: {},
    run: (call) => operationResponse(call, { Timestamp: call.context.org.store.currentVersion() }),
  },
];

function findBusinessUnitId({ context }: OperationContext): string {
  const { systemStore: store } = context.org;
  const user = store.read('systemuser', context.actor.userId);
  const unit = toReference(user?.values.businessunitid);
  const [first] = unit ? [] : store.query('businessunit', { pageSize: 1, actor: context.actor }).rows;
  return unit?.id ?? first?.id ?? context.org.organizationId;
}

function countRowsOf({ context }: OperationContext, table: string): number {
  const { store } = context.org;
  if (!store.model.table(table)) throw invalidArgument(`The entity with a name = '${table}' was not found.`);
  return store.count(table, { actor: context.actor });
}

function buildOrganizationDetail({ context }: OperationContext): object {
  const { origin, organizationId, name, tenantId } = context.org;
  const endpoints = {
    WebApplication: `${origin}/`,
    OrganizationService: `${origin}/XRMServices/2011/Organization.svc`,
    OrganizationDataService: `${origin}/XRMServices/2011/OrganizationData.svc`,
  };
  return {
    OrganizationId: organizationId,
    FriendlyName: toFriendlyName(name),
    OrganizationVersion: dataverseVersion,
    // As in the discovery service, the environment has the id of its organization.
    EnvironmentId: organizationId,
    DatacenterId: nullGuid,
    Geo: 'LOCAL',
    TenantId: tenantId,
    UrlName: name,
    UniqueName: name,
    State: 'Enabled',
    SchemaType: 'Standard',
    OrganizationType: 'Developer',
    Endpoints: {
      Count: Object.keys(endpoints).length,
      IsReadOnly: false,
      Keys: Object.keys(endpoints),
      Values: Object.values(endpoints),
    },
  };
}
