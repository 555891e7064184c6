import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/index.ts';
import { startReceiver, type WebhookReceiver } from './receiver.ts';

/** A response of the organization. */
export interface OrganizationResponse {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read JSON of any shape
  readonly json: any;
}

/** A sandbox with an empty organization and a receiver of its webhooks. */
export interface WebhookFixture {
  readonly sandbox: Sandbox;
  readonly receiver: WebhookReceiver;
  send(method: string, path: string, body?: unknown, headers?: object): Promise<OrganizationResponse>;
  get(path: string): Promise<OrganizationResponse>;
  /** Creates a row and returns its id. */
  create(set: string, body: object): Promise<string>;
  /** Registers an endpoint and returns its id. Default: contract 8, webhook key `secret`. */
  addEndpoint(values?: object): Promise<string>;
  /** Registers a step for a message of a table and returns its id. Default: asynchronous, after the operation. */
  addStep(message: string, table: string, values?: object): Promise<string>;
  /** Removes all endpoints with their steps, registers one, and forgets what was received. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export async function createWebhookFixture(options: SandboxOptions = {}): Promise<WebhookFixture> {
  const receiver = await startReceiver();
  const sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }], ...options });
  const { origin } = sandbox.organization;
  const authorization = `Bearer ${sandbox.issueToken()}`;
  let endpointId: string | undefined;
  const fixture: WebhookFixture = {
    sandbox,
    receiver,
    async send(method, path, body, headers = {}) {
      const response = await fetch(path.startsWith('/') ? origin + path : `${origin}/api/data/v9.2/${path}`, {
        method,
        headers: { authorization, 'Content-Type': 'application/json', ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.startsWith('application/json');
      return {
        status: response.status,
        headers: response.headers,
        json: isJson && text !== '' ? JSON.parse(text) : text,
      };
    },
    get: (path) => fixture.send('GET', path),
    async create(set, body) {
      const { status, headers, json } = await fixture.send('POST', set, body);
      if (status !== 204) throw new Error(`${set}: ${status} ${JSON.stringify(json)}`);
      return /\(([^)]+)\)$/.exec(headers.get('OData-EntityId') ?? '')?.[1] ?? '';
    },
    async addEndpoint(values = {}) {
      const defaults = { name: 'Receiver', url: `${receiver.url}/hook`, contract: 8, authtype: 4 };
      endpointId = await fixture.create('serviceendpoints', { ...defaults, authvalue: 'secret', ...values });
      return endpointId;
    },
    async addStep(message, table, values = {}) {
      const endpoint = endpointId ?? (await fixture.addEndpoint());
      const filter = `sdkmessageid/name eq '${message}' and primaryobjecttypecode eq '${table}'`;
      const { json } = await fixture.get(`sdkmessagefilters?$filter=${encodeURIComponent(filter)}`);
      const [{ sdkmessagefilterid, _sdkmessageid_value: messageId }] = json.value;
      return fixture.create('sdkmessageprocessingsteps', {
        name: `${message} of ${table}`,
        mode: 1,
        stage: 40,
        rank: 1,
        supporteddeployment: 0,
        'eventhandler_serviceendpoint@odata.bind': `/serviceendpoints(${endpoint})`,
        'sdkmessageid@odata.bind': `/sdkmessages(${messageId})`,
        'sdkmessagefilterid@odata.bind': `/sdkmessagefilters(${sdkmessagefilterid})`,
        ...values,
      });
    },
    async reset() {
      for (const { serviceendpointid } of (await fixture.get('serviceendpoints')).json.value)
        await fixture.send('DELETE', `serviceendpoints(${serviceendpointid})`);
      await fixture.addEndpoint();
      receiver.received.length = 0;
      receiver.statuses.length = 0;
    },
    async close() {
      await sandbox.close();
      await receiver.close();
    },
  };
  return fixture;
}

/** The members of a list of keys and values. */
export function toObject(list: readonly { readonly key: string; readonly value: unknown }[]) {
  // biome-ignore lint/suspicious/noExplicitAny: tests read values of any shape
  return Object.fromEntries(list.map(({ key, value }) => [key, value])) as Record<string, any>;
}
