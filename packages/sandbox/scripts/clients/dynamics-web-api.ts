import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Client from 'dynamics-web-api';
import { dynamicsWebApiMetadata } from './dynamics-web-api-metadata.ts';
import { dynamicsWebApiOperations, dynamicsWebApiSearch } from './dynamics-web-api-operations.ts';
import { type ClientSuite, check, type Scenario } from './scenario.ts';
import type { SuiteContext } from './suite-context.ts';

type DynamicsWebApi = Client.DynamicsWebApi;

/** The scenarios of the README and the wiki of dynamics-web-api. */
export function dynamicsWebApiSuite(context: SuiteContext): ClientSuite {
  const require = createRequire(join(context.folder, 'package.json'));
  const { DynamicsWebApi: Constructor } = require('dynamics-web-api') as typeof Client;
  const connect = (searchVersion: string) =>
    new Constructor({
      serverUrl: context.gateway.httpOrigin,
      dataApi: { version: '9.2' },
      searchApi: { version: searchVersion },
      onTokenRefresh: async () => context.token,
    });
  const client = connect('1.0');
  const scenarios = [
    ...rowScenarios(client, context),
    ...queryScenarios(client, context),
    ...dynamicsWebApiOperations(client, context),
    ...dynamicsWebApiSearch(client, connect('2.0')),
    ...dynamicsWebApiMetadata(client),
  ];
  return { client: 'dynamics-web-api', scenarios };
}

function rowScenarios(client: DynamicsWebApi, { rows, otherUserId }: SuiteContext): readonly Scenario[] {
  const collection = 'accounts';
  const key = rows.account;
  const data = { telephone1: '555-0100' };
  return [
    {
      name: 'create',
      run: async () => {
        const id = await client.create({ collection, data: { name: 'Created' } });
        check(/^[0-9a-f-]{36}$/i.test(String(id)), 'an id');
      },
    },
    {
      name: 'create with representation',
      run: async () => {
        const row = await client.create<object, { name: string }>({
          collection,
          data: { name: 'Shown' },
          returnRepresentation: true,
          select: ['name'],
        });
        check(row.name === 'Shown', 'the new row');
      },
    },
    {
      name: 'create with related rows',
      run: () =>
        client.create({
          collection,
          data: {
            name: 'Deep',
            primarycontactid: { lastname: 'Inner' },
            Account_Tasks: [{ subject: 'Call' }],
          },
        }),
    },
    {
      name: 'create with duplicate detection',
      run: () => client.create({ collection, data: { name: 'Once' }, duplicateDetection: true }),
    },
    {
      name: 'retrieve with select and expand',
      run: () =>
        client.retrieve({
          collection,
          key,
          select: ['name', 'revenue'],
          expand: [{ property: 'primarycontactid', select: ['fullname'] }],
          includeAnnotations: 'OData.Community.Display.V1.FormattedValue',
        }),
    },
    {
      name: 'retrieve by alternate key',
      run: () => client.retrieve({ collection, key: "accountnumber='L-1'", select: ['name'] }),
    },
    {
      name: 'retrieve if it has changed',
      run: async () => {
        const row = await client.retrieve<Record<string, string>>({ collection, key, select: ['name'] });
        const ifnonematch = row['@odata.etag'];
        const same = await client.retrieve({ collection, key, select: ['name'], ifnonematch });
        check(!same, 'no content for an unchanged row');
      },
    },
    { name: 'update', run: () => client.update({ collection, key, data }) },
    {
      name: 'update with representation',
      run: () => client.update({ collection, key, data, returnRepresentation: true, select: ['telephone1'] }),
    },
    {
      name: 'update with an outdated ETag',
      expectsRefusal: true,
      run: async () => {
        const changed: unknown = await client.update({ collection, key, data, ifmatch: 'W/"1"' });
        check(changed === false, 'false for a row that has changed');
      },
    },
    {
      name: 'updateSingleProperty',
      run: () => client.updateSingleProperty({ collection, key, fieldValuePair: { fax: '555-0101' } }),
    },
    {
      name: 'delete a property',
      run: () => client.deleteRecord({ collection, key, property: 'fax' }),
    },
    {
      name: 'upsert by id',
      run: () =>
        client.upsert({
          collection,
          key: '5f1a3c1e-0000-4000-8000-0000000000aa',
          data: { name: 'Upserted' },
        }),
    },
    {
      name: 'upsert by alternate key',
      run: () => client.upsert({ collection, key: "accountnumber='U-1'", data: { name: 'By key' } }),
    },
    {
      name: 'upsert without an update',
      expectsRefusal: true,
      run: async () => {
        const result = await client.upsert({ collection, key, data: { name: 'Never' }, ifnonematch: '*' });
        check(result === null, 'null for an existing row');
      },
    },
    {
      name: 'delete',
      run: async () => {
        const id = String(await client.create({ collection, data: { name: 'Gone' } }));
        check((await client.deleteRecord({ collection, key: id })) === true, 'true');
      },
    },
    {
      name: 'create as another user',
      run: async () => {
        const row = await client.create<object, { _createdby_value: string }>({
          collection,
          data: { name: 'For another' },
          impersonate: otherUserId,
          returnRepresentation: true,
          select: ['_createdby_value'],
        });
        check(row._createdby_value === otherUserId, 'the other user as creator');
      },
    },
  ];
}

function queryScenarios(client: DynamicsWebApi, { rows }: SuiteContext): readonly Scenario[] {
  const collection = 'incidents';
  const fetchXml =
    '<fetch count="10"><entity name="incident"><attribute name="title"/><order attribute="title"/></entity></fetch>';
  return [
    {
      name: 'retrieveMultiple',
      run: async () => {
        const { value } = await client.retrieveMultiple({
          collection,
          select: ['title', '_customerid_value'],
          filter: 'statecode eq 0',
          orderBy: ['title asc'],
          top: 5,
        });
        check(value.length === 5, 'five rows');
      },
    },
    {
      name: 'retrieveMultiple, next page',
      run: async () => {
        const first = await client.retrieveMultiple({
          collection,
          select: ['title'],
          maxPageSize: 10,
          count: true,
        });
        const next = await client.retrieveMultiple({ collection }, first.oDataNextLink);
        check(next.value.length > 0, 'a second page');
      },
    },
    {
      name: 'retrieveMultiple with nested expand',
      run: () =>
        client.retrieveMultiple({
          collection: 'accounts',
          select: ['name'],
          expand: [
            {
              property: 'contact_customer_accounts',
              select: ['fullname'],
              filter: 'statecode eq 0',
              orderBy: ['fullname'],
              top: 2,
            },
          ],
        }),
    },
    {
      name: 'retrieveMultiple with $apply',
      run: () =>
        client.retrieveMultiple({ collection, apply: 'groupby((statuscode),aggregate($count as count))' }),
    },
    {
      name: 'retrieveMultiple with tracked changes',
      run: async () => {
        const first = await client.retrieveMultiple({ collection, select: ['title'], trackChanges: true });
        await client.retrieveMultiple({ collection }, first.oDataDeltaLink);
      },
    },
    {
      name: 'retrieveAll',
      run: async () => {
        const { value } = await client.retrieveAll({ collection, select: ['title'], maxPageSize: 20 });
        check(value.length > 50, 'all rows');
      },
    },
    { name: 'count', run: () => client.count({ collection, filter: 'statecode eq 0' }) },
    { name: 'countAll', run: () => client.countAll({ collection, select: ['title'] }) },
    { name: 'fetch', run: () => client.fetch({ collection, fetchXml, includeAnnotations: '*' }) },
    {
      name: 'fetchAll',
      run: async () => {
        const { value } = await client.fetchAll({ collection, fetchXml, includeAnnotations: '*' });
        check(value.length > 50, 'all rows');
      },
    },
    {
      name: 'retrieve through a system view',
      run: async () => {
        const { value } = await client.retrieveMultiple({
          collection: 'savedqueries',
          select: ['savedqueryid'],
          filter: "name eq 'Active Accounts'",
        });
        check(value.length > 0, 'the view "Active Accounts"');
        await client.retrieveMultiple({
          collection: 'accounts',
          queryParams: [`savedQuery=${value[0].savedqueryid}`],
        });
      },
    },
    {
      name: 'retrieve a navigation property',
      run: () =>
        client.retrieve({
          collection,
          key: rows.incident,
          navigationProperty: 'customerid_account',
          select: ['name'],
        }),
    },
  ];
}
