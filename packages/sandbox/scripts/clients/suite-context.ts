import type { Sandbox } from '../../src/index.ts';
import type { Certificate } from './certificate.ts';
import type { Gateway } from './gateway.ts';

/** What the suites of the clients share. */
export interface SuiteContext {
  readonly sandbox: Sandbox;
  readonly gateway: Gateway;
  readonly certificate: Certificate;
  /** The folder into which the clients are installed. */
  readonly folder: string;
  /** An access token of the first user. */
  readonly token: string;
  /** The `systemuserid` of the first user. */
  readonly userId: string;
  /** The `systemuserid` of the second user. */
  readonly otherUserId: string;
  /** Rows that the scenarios use. */
  readonly rows: SuiteRows;
}

/** The ids of the rows that the scenarios use. */
export interface SuiteRows {
  readonly account: string;
  /** An account that is merged into another one. */
  readonly subordinate: string;
  readonly contact: string;
  readonly incident: string;
  readonly queue: string;
  readonly team: string;
}

/** The column that files are uploaded to, in the table `account`. */
export const fileColumn = 'new_contract';

/** Adds the columns and rows that the scenarios use to the first organization. */
export async function prepareOrganization({ organization, issueToken }: Sandbox): Promise<SuiteRows> {
  organization.store.addColumn('account', {
    logicalName: fileColumn,
    schemaName: 'new_Contract',
    displayName: 'Contract',
    type: 'File',
    required: 'None',
    validForCreate: true,
    validForUpdate: true,
  });
  organization.store.addKey('account', 'account_number', ['accountnumber']);
  const create = createRows(organization.origin, issueToken());
  const account = await create('accounts', { name: 'Litware', accountnumber: 'L-1' });
  const subordinate = await create('accounts', { name: 'Litware Ltd.' });
  const contact = await create('contacts', { firstname: 'Ada', lastname: 'Berg' });
  const customer = { 'customerid_account@odata.bind': `/accounts(${account})` };
  const incident = await create('incidents', { title: 'Late delivery', ...customer });
  const queue = await create('queues', { name: 'Second line' });
  const team = await create('teams', { name: 'Field service' });
  return { account, subordinate, contact, incident, queue, team };
}

function createRows(origin: string, token: string) {
  return async (set: string, row: object): Promise<string> => {
    const response = await fetch(`${origin}/api/data/v9.2/${set}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(row),
    });
    const id = /\(([0-9a-f-]{36})\)$/.exec(response.headers.get('OData-EntityId') ?? '')?.[1];
    if (id === undefined) throw new Error(`${set} was not created: ${await response.text()}`);
    return id;
  };
}
