import http from 'node:http';
import { DynamicsWebApi } from 'dynamics-web-api';
import fetch from 'node-fetch';
import { Pool } from 'undici';
import { runtimeOf } from '../../src/client/connector.ts';
import { type Client, type JsonObject, loadConnector, type UntypedOperations } from '../../src/index.ts';
import { joinBytes } from '../../src/model/join-bytes.ts';
import { createUndiciSender } from '../../src/node/undici-sender.ts';
import { includeDisplayAnnotations } from '../../src/odata/row-annotations.ts';

/** The same work by each client. Each function is one operation, and throws if the result is wrong. */
export interface BenchClient {
  get(): Promise<void>;
  post(): Promise<void>;
  page50(): Promise<void>;
  page5000(): Promise<void>;
  batch100(): Promise<void>;
  /** Reads a number of rows in pages of 1,000. */
  list(rows: number): Promise<void>;
}

export const clientNames = [
  'product, node-fetch',
  'product, undici',
  'dynamics-web-api',
  'bare node-fetch',
  'bare undici',
  'our sender, undici',
] as const;

const id = '11111111-1111-4111-8111-111111111111';
const token = 'x'.repeat(1200);
const input = {
  title: 'Printer in the second office prints nothing but stars',
  description: 'x'.repeat(400),
  customer: { table: 'account', id },
  priority: 'high',
};
const wireInput = {
  title: input.title,
  description: input.description,
  'customerid_account@odata.bind': `/accounts(${id})`,
  prioritycode: 1,
};

export async function createBenchClient(name: string, origin: string): Promise<BenchClient> {
  const select = await selectedColumns();
  switch (name) {
    case 'product, node-fetch':
      return createProduct(origin, 'node-fetch');
    case 'product, undici':
      return createProduct(origin, 'undici');
    case 'dynamics-web-api':
      return createDynamicsWebApi(origin, select);
    case 'bare node-fetch':
      return createBare(origin, select, createNodeFetch());
    case 'bare undici':
      return createBare(origin, select, createUndici(origin));
    case 'our sender, undici':
      return createBare(origin, select, createOwnSender());
    default:
      throw new Error(`There is no client "${name}".`);
  }
}

async function selectedColumns(): Promise<readonly string[]> {
  const { definition } = runtimeOf(await loadConnector());
  const { key, columns } = definition.tables.case ?? { key: '', columns: [] };
  return [
    ...new Set([key, ...columns.filter(({ type }) => type !== 'image').map(({ wireName }) => wireName)]),
  ];
}

function assertCount(rows: readonly unknown[], count: number): void {
  if (rows.length !== count) throw new Error(`${rows.length} rows instead of ${count}`);
}

export async function openProduct(origin: string, transport: 'node-fetch' | 'undici'): Promise<Client> {
  // High limits: these benchmarks do not measure the rate limit.
  const limits = { maxRequests: 1e9, maxExecutionMs: 1e12 };
  const connector = await loadConnector<UntypedOperations>({ transport, limits });
  return connector.connect(
    { orgUrl: origin },
    { kind: 'host', getToken: () => ({ token, expiresAt: Number.MAX_SAFE_INTEGER }) },
    { allowLoopback: true },
  );
}

async function createProduct(origin: string, transport: 'node-fetch' | 'undici'): Promise<BenchClient> {
  const client = await openProduct(origin, transport);
  const steps = Array.from({ length: 100 }, () => ({ action: 'case.create', input }));
  const list = async (limit: number) => {
    const { output } = await client.run('case.list', { limit });
    assertCount(output as readonly JsonObject[], limit);
  };
  return {
    get: async () => void (await client.run('case.get', { id })),
    post: async () => void (await client.run('case.create', input)),
    page50: () => list(50),
    page5000: () => list(5000),
    batch100: async () => assertCount(await client.changeSet(steps), 100),
    async list(rows) {
      let count = 0;
      for await (const _ of client.list('case.list', {}, { pageSize: 1000 })) if (++count === rows) return;
    },
  };
}

function createDynamicsWebApi(origin: string, select: readonly string[]): BenchClient {
  const client = new DynamicsWebApi({
    serverUrl: origin,
    dataApi: { version: '9.2' },
    onTokenRefresh: async () => token,
  });
  const includeAnnotations = includeDisplayAnnotations.slice('odata.include-annotations="'.length, -1);
  const columns = { select: [...select], includeAnnotations };
  const query = { collection: 'incidents', ...columns };
  const create = () =>
    client.create({ collection: 'incidents', data: wireInput, returnRepresentation: true, ...columns });
  const page = async (maxPageSize: number) => {
    const { value } = await client.retrieveMultiple({ ...query, orderBy: ['createdon desc'], maxPageSize });
    assertCount(value, maxPageSize);
  };
  return {
    get: async () => void (await client.retrieve({ collection: 'incidents', key: id, ...columns })),
    post: async () => void (await create()),
    page50: () => page(50),
    page5000: () => page(5000),
    async batch100() {
      client.startBatch();
      for (let n = 0; n < 100; n++) void create();
      assertCount(await client.executeBatch(), 100);
    },
    async list(rows) {
      const pages = { ...query, maxPageSize: 1000 };
      let result = await client.retrieveMultiple(pages);
      for (
        let count = result.value.length;
        count < rows && result.oDataNextLink;
        count += result.value.length
      )
        result = await client.retrieveMultiple(pages, result.oDataNextLink);
    },
  };
}

type BareSend = (
  method: string,
  url: string,
  headers: Record<string, string>,
  body?: string,
) => Promise<string>;

function createNodeFetch(): BareSend {
  const agent = new http.Agent({ keepAlive: true });
  return async (method, url, headers, body) => (await fetch(url, { method, headers, body, agent })).text();
}

function createUndici(origin: string): BareSend {
  const pool = new Pool(origin, { connections: 52 });
  return async (method, url, headers, body) => {
    const path = url.slice(origin.length);
    return (await pool.request({ method: method as 'GET', path, headers, body })).body.text();
  };
}

/** The sender of the product without its engine. */
function createOwnSender(): BareSend {
  const send = createUndiciSender();
  const decoder = new TextDecoder();
  return async (method, url, headers, body) => {
    const { signal } = new AbortController();
    const response = await send({ method: method as 'GET', url, headers, body, signal });
    const parts = [...(response.body.takeArrived?.() ?? [])];
    for await (const part of response.body) parts.push(part);
    return decoder.decode(joinBytes(parts));
  };
}

/** HTTP and JSON alone. */
function createBare(origin: string, select: readonly string[], send: BareSend): BenchClient {
  const base = `${origin}/api/data/v9.2/`;
  const query = `?$select=${select.join(',')}`;
  const headers = {
    accept: 'application/json',
    'odata-version': '4.0',
    'odata-maxversion': '4.0',
    authorization: `Bearer ${token}`,
    prefer: includeDisplayAnnotations,
  };
  const get = async (url: string, prefer = headers.prefer) =>
    JSON.parse(await send('GET', url, { ...headers, prefer }));
  const page = async (size: number) => {
    const prefer = `${headers.prefer},odata.maxpagesize=${size}`;
    assertCount((await get(`${base}incidents${query}&$orderby=createdon%20desc`, prefer)).value, size);
  };
  const json = { ...headers, 'content-type': 'application/json' };
  return {
    get: async () => void (await get(`${base}incidents(${id})${query}`)),
    post: async () =>
      void JSON.parse(await send('POST', `${base}incidents${query}`, json, JSON.stringify(wireInput))),
    page50: () => page(50),
    page5000: () => page(5000),
    async batch100() {
      const type = { ...headers, 'content-type': 'multipart/mixed; boundary=batch_9c1f' };
      assertCount(
        readBatch(await send('POST', `${base}$batch`, type, writeBatch(`${base}incidents${query}`))),
        100,
      );
    },
    async list(rows) {
      const prefer = `${headers.prefer},odata.maxpagesize=1000`;
      let url: string | undefined = `${base}incidents${query}`;
      for (let count = 0; url !== undefined && count < rows; ) {
        const body = await get(url, prefer);
        count += body.value.length;
        url = body['@odata.nextLink'];
      }
    },
  };
}

function writeBatch(url: string): string {
  const part = (n: number) =>
    `--cs_77aa\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: ${n}\r\n\r\n` +
    `POST ${url} HTTP/1.1\r\nContent-Type: application/json; type=entry\r\nPrefer: return=representation,${includeDisplayAnnotations}\r\n\r\n` +
    `${JSON.stringify(wireInput)}\r\n`;
  const parts = Array.from({ length: 100 }, (_, n) => part(n + 1)).join('');
  return `--batch_9c1f\r\nContent-Type: multipart/mixed; boundary=cs_77aa\r\n\r\n${parts}--cs_77aa--\r\n--batch_9c1f--\r\n`;
}

function readBatch(text: string): unknown[] {
  const rows: unknown[] = [];
  for (let at = text.indexOf('HTTP/1.1 '); at >= 0; at = text.indexOf('HTTP/1.1 ', at)) {
    const start = text.indexOf('\r\n\r\n', at);
    at = text.indexOf('\r\n--', start);
    rows.push(JSON.parse(text.slice(start, at)));
  }
  return rows;
}
