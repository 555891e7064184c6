import { createSandbox, type Sandbox, type User } from '../../src/index.ts';

/** A response with its parsed body. */
export interface HttpResponse {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read JSON of any shape
  readonly json: any;
  /** The id of a row that was created. */
  readonly id: string;
}

/** Sends requests as one user. */
export interface HttpUser {
  readonly id: string;
  readonly user: User;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<HttpResponse>;
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<HttpResponse>;
  /** Creates a row and returns its id. */
  create(set: string, body: object): Promise<string>;
}

/** An organization without sample rows: an administrator and users with other roles. */
export interface SecurityHarness {
  readonly sandbox: Sandbox;
  readonly admin: HttpUser;
  /** The user of this name, for example `agent`. */
  as(name: string): HttpUser;
  close(): Promise<void>;
}

/** `roles`: the roles of each user, by name. */
export async function createSecurityHarness(
  roles: Readonly<Record<string, readonly string[]>>,
): Promise<SecurityHarness> {
  const sandbox = await createSandbox({
    organizations: [{ name: 'contoso', data: 'empty' }],
    users: [
      { name: 'admin@contoso.example' },
      ...Object.entries(roles).map(([name, names]) => ({ name: `${name}@contoso.example`, roles: names })),
    ],
  });
  const as = (name: string): HttpUser => {
    const user = sandbox.users.find((each) => each.name === `${name}@contoso.example`);
    if (!user) throw new Error(`There is no user ${name}.`);
    return createHttpUser(sandbox, user);
  };
  return { sandbox, admin: as('admin'), as, close: () => sandbox.close() };
}

function createHttpUser(sandbox: Sandbox, user: User): HttpUser {
  const { organization } = sandbox;
  const send: HttpUser['send'] = async (method, path, body, headers = {}) => {
    const url = path.startsWith('http') ? path : `${organization.origin}/api/data/v9.2/${path}`;
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${sandbox.issueToken(user)}`,
        'content-type': 'application/json',
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    const id = /\(([^()]+)\)$/.exec(response.headers.get('odata-entityid') ?? '')?.[1] ?? '';
    return { status: response.status, json: isJson && text !== '' ? JSON.parse(text) : text, id };
  };
  return {
    id: organization.findSystemUserId(user) ?? '',
    user,
    send,
    get: (path, headers) => send('GET', path, undefined, headers),
    async create(set, body) {
      const { status, json, id } = await send('POST', set, body);
      if (status !== 204) throw new Error(`${set}: ${status} ${JSON.stringify(json)}`);
      return id;
    },
  };
}
