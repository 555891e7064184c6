import https from 'node:https';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { organizationHost } from './certificate.ts';
import { type ClientSuite, check, type Scenario } from './scenario.ts';
import type { SuiteContext } from './suite-context.ts';

type Row = Readonly<Record<string, unknown>>;
type Config = object;

/** The part of the package's declarations that the scenarios use. */
interface DataverseWebApi {
  readonly WebApiConfig: new (version: string, token: string, url: string) => Config;
  retrieve(config: Config, set: string, id: string, query?: string): Promise<Row>;
  retrieveAlternateKey(config: Config, set: string, key: string, query?: string): Promise<Row>;
  retrieveMultiple(config: Config, set: string, query?: string, options?: object): Promise<RowPage>;
  retrieveMultipleNextPage(config: Config, url: string): Promise<RowPage>;
  create(config: Config, set: string, row: object, options?: object): Promise<string>;
  createWithReturnData(config: Config, set: string, row: object, select: string): Promise<Row>;
  update(config: Config, set: string, id: string, row: object): Promise<void>;
  updateWithReturnData(config: Config, set: string, id: string, row: object, select: string): Promise<Row>;
  updateProperty(config: Config, set: string, id: string, column: string, value: unknown): Promise<void>;
  deleteRecord(config: Config, set: string, id: string): Promise<void>;
  deleteProperty(config: Config, set: string, id: string, column: string): Promise<void>;
  associate(config: Config, set: string, id: string, name: string, set2: string, id2: string): Promise<void>;
  disassociate(config: Config, set: string, id: string, name: string, id2?: string): Promise<void>;
  boundAction(config: Config, set: string, id: string, name: string, inputs?: object): Promise<unknown>;
  unboundAction(config: Config, name: string, inputs?: object): Promise<unknown>;
  boundFunction(config: Config, set: string, id: string, name: string, inputs?: object[]): Promise<unknown>;
  unboundFunction(config: Config, name: string, inputs?: object[]): Promise<unknown>;
  batchOperation(
    config: Config,
    batchId: string,
    changeSetId: string,
    changes: readonly object[],
    reads: readonly string[],
  ): Promise<readonly { readonly httpStatus: number }[]>;
}

interface RowPage {
  readonly value: readonly Row[];
  readonly '@odata.nextLink'?: string;
}

/** The methods that the README of dataverse-webapi lists. The package speaks HTTPS to port 443 only. */
export function dataverseWebApiSuite(context: SuiteContext): ClientSuite {
  const { folder, gateway, certificate, token } = context;
  const client = createRequire(join(folder, 'package.json'))(
    join(folder, 'node_modules/dataverse-webapi/lib/node.js'),
  ) as DataverseWebApi;
  const agent = https.globalAgent as https.Agent & { defaultPort: number };
  agent.defaultPort = gateway.httpsPort;
  Object.assign(agent.options, {
    ca: certificate.cert,
    servername: organizationHost,
    lookup: (_host: string, options: { all?: boolean }, done: (...result: unknown[]) => void) =>
      options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4),
  });
  // The package replaces the first "//" by "/".
  const configure = () => new client.WebApiConfig('9.2', token, `https:///${organizationHost}`);
  return {
    client: 'dataverse-webapi',
    scenarios: [
      ...readScenarios(client, configure, context),
      ...writeScenarios(client, configure, context),
      ...callScenarios(client, configure, context),
    ],
  };
}

function readScenarios(
  client: DataverseWebApi,
  configure: () => Config,
  { rows }: SuiteContext,
): readonly Scenario[] {
  const fetchXml = '<fetch top="3"><entity name="account"><attribute name="name"/></entity></fetch>';
  return [
    {
      name: 'retrieve',
      run: () => client.retrieve(configure(), 'accounts', rows.account, '$select=name'),
    },
    {
      name: 'retrieveAlternateKey',
      run: () => client.retrieveAlternateKey(configure(), 'accounts', "accountnumber='L-1'", '$select=name'),
    },
    {
      name: 'retrieveMultiple and retrieveMultipleNextPage',
      run: async () => {
        const options = { maxPageSize: 10 };
        const first = await client.retrieveMultiple(configure(), 'incidents', '$select=title', options);
        const next = await client.retrieveMultipleNextPage(configure(), first['@odata.nextLink'] ?? '');
        check(next.value.length > 0, 'a second page');
      },
    },
    {
      name: 'retrieveMultiple with FetchXML',
      run: () => client.retrieveMultiple(configure(), 'accounts', `fetchXml=${encodeURIComponent(fetchXml)}`),
    },
  ];
}

function writeScenarios(
  client: DataverseWebApi,
  configure: () => Config,
  { rows, sandbox }: SuiteContext,
): readonly Scenario[] {
  const id = rows.account;
  return [
    { name: 'create', run: () => client.create(configure(), 'accounts', { name: 'Created' }) },
    {
      name: 'createWithReturnData',
      run: () => client.createWithReturnData(configure(), 'accounts', { name: 'Shown' }, '$select=name'),
    },
    {
      name: 'create as another user',
      run: () => {
        const impersonateUserId = sandbox.users[1]?.objectId;
        return client.create(configure(), 'accounts', { name: 'For another' }, { impersonateUserId });
      },
    },
    { name: 'update', run: () => client.update(configure(), 'accounts', id, { telephone1: '1' }) },
    {
      name: 'updateWithReturnData',
      run: () =>
        client.updateWithReturnData(configure(), 'accounts', id, { telephone1: '2' }, '$select=telephone1'),
    },
    { name: 'updateProperty', run: () => client.updateProperty(configure(), 'accounts', id, 'fax', '3') },
    { name: 'deleteProperty', run: () => client.deleteProperty(configure(), 'accounts', id, 'fax') },
    {
      name: 'associate and disassociate',
      run: async () => {
        const name = 'contact_customer_accounts';
        await client.associate(configure(), 'accounts', id, name, 'contacts', rows.contact);
        await client.disassociate(configure(), 'accounts', id, name, rows.contact);
      },
    },
    {
      name: 'associate and disassociate a lookup',
      run: async () => {
        const name = 'primarycontactid';
        await client.associate(configure(), 'accounts', id, name, 'contacts', rows.contact);
        await client.disassociate(configure(), 'accounts', id, name);
      },
    },
    {
      name: 'deleteRecord',
      run: async () => {
        const gone = await client.create(configure(), 'accounts', { name: 'Gone' });
        await client.deleteRecord(configure(), 'accounts', gone);
      },
    },
  ];
}

function callScenarios(
  client: DataverseWebApi,
  configure: () => Config,
  { rows }: SuiteContext,
): readonly Scenario[] {
  const target = { '@odata.type': 'Microsoft.Dynamics.CRM.account', accountid: rows.account };
  return [
    { name: 'unboundFunction', run: () => client.unboundFunction(configure(), 'WhoAmI') },
    {
      name: 'unboundFunction with inputs',
      run: () =>
        client.unboundFunction(configure(), 'RetrieveTotalRecordCount', [
          { name: 'EntityNames', alias: 'p1', value: "['account']" },
        ]),
    },
    {
      name: 'boundFunction',
      run: () => client.boundFunction(configure(), 'incidents', rows.incident, 'CalculateTotalTimeIncident'),
    },
    {
      name: 'unboundAction',
      run: () =>
        client.unboundAction(configure(), 'GrantAccess', {
          Target: target,
          PrincipalAccess: {
            Principal: { teamid: rows.team, '@odata.type': 'Microsoft.Dynamics.CRM.team' },
            AccessMask: 'ReadAccess',
          },
        }),
    },
    {
      name: 'boundAction',
      run: () =>
        client.boundAction(configure(), 'queues', rows.queue, 'AddToQueue', {
          Target: { incidentid: rows.incident, '@odata.type': 'Microsoft.Dynamics.CRM.incident' },
        }),
    },
    {
      name: 'batchOperation',
      run: async () => {
        const changes = [{ queryString: 'accounts', method: 'POST', entity: { name: 'In a batch' } }];
        const reads = ['accounts?$select=name&$top=1'];
        const results = await client.batchOperation(configure(), 'B1', 'C1', changes, reads);
        check(results.length === 2 && results.every(({ httpStatus }) => httpStatus < 300), 'two answers');
      },
    },
  ];
}
