import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Client, loadConnector, type QueryRequest, type UntypedOperations } from 'dynamics365-connector';
import { createSandbox, type Sandbox, type SandboxOrganization } from 'dynamics365-connector-sandbox';
import { addCustomTables, type CustomOrganization } from './corpora/custom-organization.ts';
import { createMetadataSender, type WireTable } from './corpora/metadata-sender.ts';

/*
 * npm run check:corpora -- <folder>
 *
 * Sends valid queries to the check of the engine, against the metadata of the organization that each is about, and to
 * a sandbox with the organization's tables. Prints each query that one of them refuses; then the exit code is 1.
 *
 *   fetchxml.json                      [{ id, organization, entity, fetchxml }], in either spelling
 *   odata.json                         [{ id, url }], url behind /api/data/v9.2/
 *   metadata/wire/wire-*.json[.gz]     { tables }: what EntityDefinitions answers, with the details of the columns
 *   metadata/organizations/*.json      { tables, relationships } of customized organizations
 */

interface FetchXmlSample {
  readonly id: string;
  readonly organization: string;
  readonly entity: string;
  readonly fetchxml: string;
}

interface ODataSample {
  readonly id: string;
  readonly url: string;
}

interface Refusal {
  readonly id: string;
  readonly by: 'check' | 'sandbox';
  readonly reason: string;
}

const readJson = (file: string): unknown => {
  const bytes = readFileSync(file);
  return JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
};

const readOptional = <T>(file: string): readonly T[] =>
  existsSync(file) ? (readJson(file) as readonly T[]) : [];

function toFetchXmlSample(sample: Readonly<Record<string, string>>): FetchXmlSample {
  const { id = '', entity = '', fetchxml = '' } = sample;
  const [, organization = ''] = Object.entries(sample).find(([name]) => /^organi[sz]ation$/.test(name)) ?? [];
  return { id, organization, entity, fetchxml };
}

const filesOf = (folder: string): readonly string[] =>
  existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];

/** A client for each organization whose metadata is in the folder, by name. */
async function connectClients(folder: string): Promise<ReadonlyMap<string, Client>> {
  const clients = new Map<string, Client>();
  for (const file of filesOf(join(folder, 'metadata/wire'))) {
    const [, name] = /wire-(\w+)\.json/.exec(file) ?? [];
    if (name === undefined) continue;
    const { tables } = readJson(file) as { readonly tables: readonly WireTable[] };
    const connector = await loadConnector<UntypedOperations>({ send: createMetadataSender(tables) });
    const credential = { kind: 'host', getToken: () => ({ token: 'x' }) } as const;
    const orgUrl = `https://${name}.crm.dynamics.com`;
    clients.set(name, connector.connect({ orgUrl }, credential));
  }
  return clients;
}

async function check(
  client: Client | undefined,
  id: string,
  request: QueryRequest,
): Promise<readonly Refusal[]> {
  if (client === undefined) return [{ id, by: 'check', reason: 'There is no metadata of its organization.' }];
  const { diagnostics, against } = await client.checkQuery(request);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const reasons = errors.map(({ code, message }) => `${code} ${message}`);
  if (against === 'syntax') reasons.push('The metadata could not be read.');
  return reasons.map((reason) => ({ id, by: 'check', reason }));
}

async function send(
  { organization, issueToken }: Sandbox,
  id: string,
  path: string,
): Promise<readonly Refusal[]> {
  const response = await fetch(`${organization.origin}/api/data/v9.2/${path}`, {
    headers: { Authorization: `Bearer ${issueToken()}`, Prefer: 'odata.include-annotations="*"' },
  });
  const text = await response.text();
  return response.ok ? [] : [{ id, by: 'sandbox', reason: `HTTP ${response.status} ${text.slice(0, 300)}` }];
}

/** The parts of a query string, percent-decoded. A `%` that is no escape stays. */
function readParameters(url: string): readonly (readonly [name: string, value: string])[] {
  const query = url.slice(url.indexOf('?') + 1);
  return query.split(/&(?=[$@])/).map((part) => {
    const at = part.indexOf('=');
    const value = part.slice(at + 1).replace(/%(?![0-9A-Fa-f]{2})/g, '%25');
    return [part.slice(0, at), decodeURIComponent(value)] as const;
  });
}

const requestMembers: Readonly<Record<string, keyof QueryRequest>> = {
  $filter: 'filter',
  $select: 'select',
  $orderby: 'orderBy',
  $expand: 'expand',
  $apply: 'apply',
};

/** A URL as a request. The values of its parameter aliases are written where they are used. */
function toRequest(url: string): QueryRequest {
  const parameters = readParameters(url);
  const aliases = parameters.filter(([name]) => name.startsWith('@'));
  const replaceAliases = (text: string) =>
    aliases.reduce((result, [name, value]) => result.replaceAll(name, () => value), text);
  const members = parameters.flatMap(([name, value]) => {
    const member = requestMembers[name];
    return member === undefined ? [] : [[member, replaceAliases(value)] as const];
  });
  return { table: url.slice(0, url.indexOf('?')), ...Object.fromEntries(members) };
}

function encodeUrl(url: string): string {
  const set = url.slice(0, url.indexOf('?'));
  const query = readParameters(url).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${set}?${query.join('&')}`;
}

const setOf = ({ store }: SandboxOrganization, table: string): string | undefined =>
  store.model.table(table)?.set;

async function main(folder: string): Promise<number> {
  const samples = readOptional<Record<string, string>>(join(folder, 'fetchxml.json')).map(toFetchXmlSample);
  const urls = readOptional<ODataSample>(join(folder, 'odata.json'));
  const clients = await connectClients(folder);
  const limits = { maxRequests: Infinity, maxExecutionMs: Infinity, maxConcurrentRequests: Infinity };
  const sandbox = await createSandbox({ limits, organizations: [{ name: 'contoso', data: 'empty' }] });
  for (const file of filesOf(join(folder, 'metadata/organizations')))
    addCustomTables(sandbox.organization, readJson(file) as CustomOrganization);
  const refusals: Refusal[] = [];
  let notModeled = 0;
  for (const { id, organization, entity, fetchxml } of samples) {
    refusals.push(...(await check(clients.get(organization), id, { table: entity, fetchXml: fetchxml })));
    const set = setOf(sandbox.organization, entity);
    if (set === undefined) notModeled++;
    else refusals.push(...(await send(sandbox, id, `${set}?fetchXml=${encodeURIComponent(fetchxml)}`)));
  }
  for (const { id, url } of urls) {
    refusals.push(...(await check(clients.get('standard'), id, toRequest(url))));
    refusals.push(...(await send(sandbox, id, encodeUrl(url))));
  }
  await sandbox.close();
  for (const { id, by, reason } of refusals) console.log(`${by.padEnd(7)} ${id}  ${reason}`);
  const count = (by: Refusal['by']) =>
    new Set(refusals.filter((one) => one.by === by).map(({ id }) => id)).size;
  console.log(
    `${samples.length} FetchXML and ${urls.length} OData queries: refused by the check ${count('check')}, by the sandbox ${count('sandbox')} (${notModeled} about tables that the sandbox does not have).`,
  );
  return refusals.length === 0 && samples.length + urls.length > 0 ? 0 : 1;
}

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('Usage: npm run check:corpora -- <folder>');
  process.exit(2);
}
process.exit(await main(folder));
