import { createSandbox, type SandboxOrganization } from '../../../src/index.ts';
import { type Answer, type Exchange, sampleOrigin } from '../exchange.ts';
import { sendRequest } from '../send-request.ts';

/** A request with the answer of the sandbox as its recording. */
export interface Recorded {
  readonly exchange: Exchange;
  readonly answer: Answer;
}

const account = '6f1d1e0a-3c55-4b7e-9d8e-0a1b2c3d4e01';
const contacts = [1, 2, 3, 4].map((digit) => `6f1d1e0a-3c55-4b7e-9d8e-0a1b2c3d4f0${digit}`);

/** Columns that the requests below give a value: their values are determined. */
export const writtenColumns = new Set([
  'accountid',
  'name',
  'revenue',
  'numberofemployees',
  'creditonhold',
  'industrycode',
  'contactid',
  'firstname',
  'lastname',
  'jobtitle',
  'donotemail',
  'fullname',
  '_parentcustomerid_value',
  'total',
  'people',
]);

type Request = readonly [
  method: string,
  target: string,
  body?: object | string,
  headers?: Record<string, string>,
];

const annotations = { Prefer: 'odata.include-annotations="*"' };
const returned = { Prefer: 'return=representation' };
const selected = '$select=firstname,lastname,jobtitle,donotemail,_parentcustomerid_value';
const company = {
  name: 'Fabrikam',
  revenue: 20000.5,
  numberofemployees: 12,
  creditonhold: true,
  industrycode: 6,
};

const batch = [
  '--batch_1',
  'Content-Type: application/http',
  'Content-Transfer-Encoding: binary',
  '',
  `GET /api/data/v9.2/accounts(${account})?$select=name,revenue HTTP/1.1`,
  'Accept: application/json',
  '',
  '--batch_1',
  'Content-Type: multipart/mixed; boundary=changeset_1',
  '',
  '--changeset_1',
  'Content-Type: application/http',
  'Content-Transfer-Encoding: binary',
  'Content-ID: 1',
  '',
  'POST /api/data/v9.2/accounts HTTP/1.1',
  'Content-Type: application/json',
  '',
  '{"name":"Northwind"}',
  '--changeset_1--',
  '--batch_1--',
  '',
].join('\r\n');

const requests: readonly Request[] = [
  ['PATCH', `accounts(${account})`, company],
  ['POST', 'accounts', company],
  ['POST', 'accounts?$select=name,revenue,numberofemployees,creditonhold', company, returned],
  ['PATCH', `accounts(${account})?$select=name,revenue`, { revenue: 31000 }, returned],
  ['GET', `accounts(${account})`],
  ['GET', `accounts(${account})?$select=name,revenue,industrycode,numberofemployees`, undefined, annotations],
  [
    'GET',
    `accounts(${account})?$select=name&$expand=contact_customer_accounts(${selected};$orderby=lastname)`,
  ],
  ['GET', `accounts(${account})/name`],
  ['GET', `accounts(${account})/contact_customer_accounts/$ref`],
  ['GET', `contacts?${selected}&$orderby=lastname desc`],
  ['GET', `contacts?${selected}&$orderby=lastname&$count=true`, undefined, annotations],
  ['GET', `contacts?${selected}&$orderby=lastname`, undefined, { Prefer: 'odata.maxpagesize=3' }],
  ['GET', 'contacts?$apply=groupby((jobtitle),aggregate($count as people))&$orderby=jobtitle'],
  ['GET', 'accounts?$apply=aggregate(revenue with sum as total)'],
  ['GET', 'accounts?$select=color'],
  ['GET', 'accounts(6f1d1e0a-3c55-4b7e-9d8e-0a1b2c3d4eff)'],
  ['GET', 'accounts?$filter=name eq'],
  ['POST', 'contacts', { color: 'red' }],
  ['PATCH', `accounts(${account})`, { name: 'A' }, { 'If-Match': 'W/"1"' }],
  ['GET', "EntityDefinitions(LogicalName='contact')?$select=LogicalName,EntitySetName"],
  ['GET', 'WhoAmI'],
  ['POST', '$batch', batch, { 'Content-Type': 'multipart/mixed; boundary=batch_1' }],
  ['DELETE', `contacts(${contacts[3]})`],
];

/** Sends the requests to a new organization and records its answers. */
export async function recordAnswers(): Promise<readonly Recorded[]> {
  const sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }], limits: {} });
  try {
    const send = createSender(sandbox.organization, sandbox.issueToken());
    await send(['PATCH', `accounts(${account})`, company]);
    for (const [index, id] of contacts.entries()) await send(['PATCH', `contacts(${id})`, personOf(index)]);
    const recorded: Recorded[] = [];
    for (const request of requests) recorded.push(await send(request));
    return recorded;
  } finally {
    await sandbox.close();
  }
}

function personOf(index: number): object {
  return {
    firstname: `Ada${index}`,
    lastname: `Lind${index}`,
    jobtitle: index < 2 ? 'Buyer' : 'Clerk',
    donotemail: index % 2 === 0,
    'parentcustomerid_account@odata.bind': `/accounts(${account})`,
  };
}

function createSender(
  { origin }: SandboxOrganization,
  token: string,
): (request: Request) => Promise<Recorded> {
  return async ([method, target, body, headers = {}]) => {
    const text = typeof body === 'object' ? JSON.stringify(body) : body;
    const path = `/api/data/v9.2/${target}`;
    const sent = await sendRequest({
      method,
      origin,
      target: encodeURI(path),
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}`, ...headers },
      body: text,
    });
    const answer = JSON.parse(JSON.stringify(sent).replaceAll(origin, sampleOrigin)) as Answer;
    const response = {
      status: answer.status,
      headers: answer.headers,
      body: answer.body,
      exact: true,
      partial: false,
    };
    const request = { method, url: sampleOrigin + path, headers, body: text };
    return {
      answer,
      exchange: { id: `${method} ${target}`, format: 'recording', kind: method, request, response },
    };
  };
}
