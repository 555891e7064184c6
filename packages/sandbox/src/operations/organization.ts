import type { EntityReference } from '../store/types.ts';
import { invalidArgument } from '../web-api/errors.ts';
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
  const { store } = context.org;
  const user = store.read('systemuser', context.actor.userId);
  const unit = user?.values.businessunitid as EntityReference | null | undefined;
  const [first] = unit ? [] : store.query('businessunit', { pageSize: 1, actor: context.actor }).rows;
  return unit?.id ?? first?.id ?? context.org.organizationId;
}

function countRowsOf({ context }: OperationContext, table: string): number {
  const { store } = context.org;
  if (!store.model.table(table)) throw invalidArgument(`The entity with a name = '${table}' was not found.`);
  return store.count(table, { actor: context.actor });
}

function buildOrganizationDetail({ context }: OperationContext): object {
  const { org } = context;
  return {
    OrganizationId: org.organizationId,
    FriendlyName: org.name,
    OrganizationVersion: dataverseVersion,
    UrlName: org.name,
    UniqueName: org.name,
    State: 'Enabled',
    Endpoints: {
      Count: 1,
      IsReadOnly: false,
      Keys: ['WebApplication'],
      Values: [`${org.origin}/`],
    },
  };
}
