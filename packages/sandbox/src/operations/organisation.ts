import { badArgument } from '../protocol/refusal.ts';
import type { Reference } from '../store/types.ts';
import { answerOf, listParameter } from './parameters.ts';
import type { Call, Operation } from './types.ts';

const version = '9.2.24074.198';

/** Who asks, and in which organisation. */
export const organisationOperations: readonly Operation[] = [
  {
    name: 'WhoAmI',
    kind: 'function',
    parameters: {},
    run(call) {
      const { org, actor } = call.exchange;
      return answerOf(call, {
        BusinessUnitId: businessUnitOf(call),
        UserId: actor.userId,
        OrganizationId: org.organisationId,
      });
    },
  },
  {
    name: 'RetrieveVersion',
    kind: 'function',
    parameters: {},
    run: (call) => answerOf(call, { Version: version }),
  },
  {
    name: 'RetrieveCurrentOrganization',
    kind: 'function',
    parameters: { AccessType: 'required' },
    run: (call) => answerOf(call, { Detail: detailOf(call) }),
  },
  {
    name: 'RetrieveTotalRecordCount',
    kind: 'function',
    parameters: { EntityNames: 'required' },
    run(call) {
      const names = listParameter(call, 'EntityNames').map(String);
      const counts = names.map((name) => countOf(call, name));
      return answerOf(call, {
        EntityRecordCountCollection: { Count: names.length, IsReadOnly: false, Keys: names, Values: counts },
      });
    },
  },
  {
    name: 'RetrieveTimestamp',
    kind: 'function',
    parameters: {},
    run: (call) => answerOf(call, { Timestamp: call.exchange.org.store.currentVersion() }),
  },
];

function businessUnitOf({ exchange }: Call): string {
  const { store } = exchange.org;
  const user = store.read('systemuser', exchange.actor.userId);
  const unit = user?.values.businessunitid as Reference | null | undefined;
  const [first] = unit ? [] : store.query('businessunit', { pageSize: 1, actor: exchange.actor }).rows;
  return unit?.id ?? first?.id ?? exchange.org.organisationId;
}

function countOf({ exchange }: Call, table: string): number {
  const { store } = exchange.org;
  if (!store.model.table(table)) throw badArgument(`The entity with a name = '${table}' was not found.`);
  return store.count(table, { actor: exchange.actor });
}

function detailOf({ exchange }: Call): object {
  const { org } = exchange;
  return {
    OrganizationId: org.organisationId,
    FriendlyName: org.name,
    OrganizationVersion: version,
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
