import type { DynamicsWebApi } from 'dynamics-web-api';
import { check, type Scenario } from './scenario.ts';
import { fileColumn, type SuiteContext } from './suite-context.ts';

/** Associations, functions, actions, batches and files. */
export function dynamicsWebApiOperations(client: DynamicsWebApi, context: SuiteContext): readonly Scenario[] {
  return [
    ...linkScenarios(client, context),
    ...callScenarios(client, context),
    ...batchScenarios(client),
    ...fileScenarios(client, context),
  ];
}

function linkScenarios(client: DynamicsWebApi, { rows }: SuiteContext): readonly Scenario[] {
  const collection = 'accounts';
  const primaryKey = rows.account;
  const related = { relatedCollection: 'contacts', relatedKey: rows.contact };
  const relationshipName = 'contact_customer_accounts';
  const navigationProperty = 'primarycontactid';
  return [
    {
      name: 'associate',
      run: () => client.associate({ collection, primaryKey, relationshipName, ...related }),
    },
    {
      name: 'disassociate',
      run: () => client.disassociate({ collection, primaryKey, relationshipName, relatedKey: rows.contact }),
    },
    {
      name: 'associateSingleValued',
      run: () => client.associateSingleValued({ collection, primaryKey, navigationProperty, ...related }),
    },
    {
      name: 'disassociateSingleValued',
      run: () => client.disassociateSingleValued({ collection, primaryKey, navigationProperty }),
    },
  ];
}

function callScenarios(client: DynamicsWebApi, { rows }: SuiteContext): readonly Scenario[] {
  const target = { incidentid: rows.incident, '@odata.type': 'Microsoft.Dynamics.CRM.incident' };
  return [
    { name: 'function WhoAmI', run: () => client.callFunction('WhoAmI') },
    {
      name: 'function with a parameter',
      run: async () => {
        const { Detail } = await client.callFunction<{ Detail: Record<string, unknown> }>({
          functionName: 'RetrieveCurrentOrganization',
          parameters: { AccessType: "Microsoft.Dynamics.CRM.EndpointAccessType'Default'" },
        });
        for (const name of ['OrganizationId', 'EnvironmentId', 'TenantId', 'Endpoints'])
          check(Detail[name] !== undefined, name);
      },
    },
    {
      name: 'function with a list',
      run: () =>
        client.callFunction({
          functionName: 'RetrieveTotalRecordCount',
          parameters: { EntityNames: ['account', 'contact'] },
        }),
    },
    {
      name: 'bound function',
      run: () =>
        client.callFunction({
          collection: 'incidents',
          key: rows.incident,
          functionName: 'Microsoft.Dynamics.CRM.CalculateTotalTimeIncident',
        }),
    },
    {
      name: 'bound action',
      run: () =>
        client.callAction({
          collection: 'queues',
          key: rows.queue,
          actionName: 'Microsoft.Dynamics.CRM.AddToQueue',
          action: { Target: target },
        }),
    },
    {
      name: 'unbound action',
      run: () =>
        client.callAction({
          actionName: 'CloseIncident',
          action: {
            Status: 5,
            IncidentResolution: { subject: 'Done', 'incidentid@odata.bind': `/incidents(${rows.incident})` },
          },
        }),
    },
    {
      name: 'action without an answer',
      run: () =>
        client.callAction({
          actionName: 'GrantAccess',
          action: {
            Target: target,
            PrincipalAccess: {
              Principal: { teamid: rows.team, '@odata.type': 'Microsoft.Dynamics.CRM.team' },
              AccessMask: 'ReadAccess',
            },
          },
        }),
    },
  ];
}

function batchScenarios(client: DynamicsWebApi): readonly Scenario[] {
  const collection = 'contacts';
  return [
    {
      name: 'batch with a reference between new rows',
      run: async () => {
        client.startBatch();
        client.create({ collection, data: { firstname: 'John', lastname: 'Doe' }, contentId: '1' });
        client.create({
          collection: 'salesorders',
          data: { name: '1 year membership', 'customerid_contact@odata.bind': '$1' },
        });
        check((await client.executeBatch()).length === 2, 'two ids');
      },
    },
    {
      name: 'batch of reads',
      run: async () => {
        client.startBatch();
        client.retrieveMultiple({ collection, select: ['fullname'], top: 1 });
        client.count({ collection });
        check((await client.executeBatch()).length === 2, 'two answers');
      },
    },
    {
      name: 'batch outside a change set, continuing after errors',
      expectsRefusal: true,
      run: async () => {
        client.startBatch();
        client.retrieve({ collection, key: '5f1a3c1e-0000-4000-8000-0000000000ff', inChangeSet: false });
        client.create({ collection, data: { lastname: 'After' }, inChangeSet: false });
        const errors = await client.executeBatch({ continueOnError: true }).catch((list: unknown[]) => list);
        check(errors.length > 0, 'the results');
      },
    },
    {
      name: 'batch with update and delete',
      run: async () => {
        const key = String(await client.create({ collection, data: { lastname: 'Short' } }));
        client.startBatch();
        client.update({ collection, key, data: { jobtitle: 'Guest' } });
        client.deleteRecord({ collection, key });
        await client.executeBatch();
      },
    },
  ];
}

function fileScenarios(client: DynamicsWebApi, { rows }: SuiteContext): readonly Scenario[] {
  const file = { collection: 'accounts', key: rows.account, property: fileColumn };
  const data = Buffer.alloc(5 * 1024 * 1024, 'abc');
  return [
    { name: 'uploadFile', run: () => client.uploadFile({ ...file, fileName: 'contract.txt', data }) },
    {
      name: 'downloadFile',
      run: async () => {
        const found = await client.downloadFile(file);
        check(Buffer.from(found.data).equals(data), 'the bytes of the file');
      },
    },
    { name: 'delete a file', run: () => client.deleteRecord(file) },
  ];
}

/** Search with version 1.0 and version 2.0 of the search API. */
export function dynamicsWebApiSearch(v1: DynamicsWebApi, v2: DynamicsWebApi): readonly Scenario[] {
  return [
    {
      name: 'search v1.0 query',
      run: async () => {
        const { value } = await v1.query({ query: { search: 'delivery', entities: ['incident'], top: 3 } });
        check(value.length > 0, 'hits');
      },
    },
    {
      name: 'search v2.0 query',
      run: async () => {
        const { response } = await v2.query({
          query: {
            search: 'delivery',
            entities: [{ name: 'incident', selectColumns: ['title'] }],
            count: true,
          },
        });
        check(response.Value.length > 0, 'hits');
      },
    },
    {
      name: 'search v1.0 suggest',
      run: () => v1.suggest({ query: { search: 'deliv', entities: ['incident'] } }),
    },
    { name: 'search v2.0 suggest', run: () => v2.suggest({ query: { search: 'deliv', top: 3 } }) },
    {
      name: 'search v1.0 autocomplete',
      run: () => v1.autocomplete({ query: { search: 'deliv', entities: ['incident'] } }),
    },
    { name: 'search v2.0 autocomplete', run: () => v2.autocomplete({ query: { search: 'deliv' } }) },
  ];
}
