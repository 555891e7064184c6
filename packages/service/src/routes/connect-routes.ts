import { ConnectorError, type JsonObject, Secret } from 'dynamics365-connector';
import { isJsonObject, omitUndefined, untypedConnector } from 'dynamics365-connector/host';
import { type Context, Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { secureHeaders } from 'hono/secure-headers';
import { type ConnectSession, isBrowserOf } from '../connect/connect-sessions.ts';
import { connectedPage, connectPage, endedPage, failedPage } from '../connect/pages.ts';
import { type ServiceApplication, toSavedSecret } from '../connect/service-application.ts';
import { ServiceError, toProblem } from '../problem/problem.ts';
import { assertMembers, optionalText, parseBody, readText, requireText } from '../request-body.ts';
import {
  assertConnectionAllowed,
  requireScope,
  type ServiceContext,
  type ServiceEnv,
} from '../request-context.ts';
import type { ServiceParts } from '../service-parts.ts';

/** `POST /v1/connect-sessions`: a link that signs a customer in. */
export function createConnectSessionRoutes(parts: ServiceParts): Hono<ServiceEnv> {
  return new Hono<ServiceEnv>().post('/connect-sessions', async (context) => {
    requireScope(context, 'connect-sessions');
    const session = readSession(parts, context, parseBody(await readText(context)));
    const { token, expiresAt } = await parts.sessions.create(session);
    return context.json(
      {
        connection: session.connection,
        connectLink: `${parts.url}/connect/${token}`,
        expiresAt: new Date(expiresAt).toISOString(),
      },
      201,
    );
  });
}

const sessionMembers = ['connection', 'orgUrl', 'tenant', 'returnUrl', 'appRegistration'];
const namePattern = /^[A-Za-z0-9][\w.@-]{0,63}$/;

function readSession(parts: ServiceParts, context: ServiceContext, body: JsonObject) {
  assertMembers(body, sessionMembers);
  const { connection, orgUrl, returnUrl, appRegistration } = body;
  if (typeof connection !== 'string' || !namePattern.test(connection)) {
    throw new ConnectorError(
      'INPUT_INVALID',
      '"connection" must be a name of 1 to 64 letters, digits, ".", "_", "-" or "@".',
    );
  }
  assertConnectionAllowed(context, connection);
  const settings = omitUndefined({ orgUrl: String(orgUrl ?? ''), tenant: optionalText(body, 'tenant') });
  assertSettings(parts, settings);
  const app = appRegistration === undefined ? undefined : readApp(appRegistration);
  if (app === undefined && parts.app === undefined)
    throw new ServiceError('APP_REGISTRATION_MISSING', 'The session has no appRegistration either.');
  return omitUndefined({
    ...settings,
    connection,
    ...app,
    requestedBy: context.get('apiKey').name,
    returnUrl: checkReturnUrl(context, returnUrl),
  });
}

/** @throws CONNECTION_INVALID for an organization URL that no connection can have. */
function assertSettings(
  { connector, localAuthority }: ServiceParts,
  settings: { readonly orgUrl: string },
): void {
  const getToken = () => {
    throw new Error('the settings are only checked');
  };
  untypedConnector(connector).connect(
    settings,
    { kind: 'host', getToken },
    { allowLoopback: localAuthority !== undefined },
  );
}

function readApp(value: unknown): { readonly clientId: string; readonly clientSecret: Secret | undefined } {
  const app = isJsonObject(value) ? value : {};
  assertMembers(app, ['clientId', 'clientSecret']);
  const secret = optionalText(app, 'clientSecret');
  return {
    clientId: requireText(app, 'clientId'),
    clientSecret: secret === undefined ? undefined : new Secret(secret),
  };
}

/** A link that returns to any address would lend our name to it. */
function checkReturnUrl(context: ServiceContext, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  const allowed = context.get('apiKey').returnOrigins;
  if (url !== undefined && allowed.includes(url.origin) && url.username === '') return url.href;
  throw new ServiceError('RETURN_URL_REFUSED', 'returnUrl must be on one of the return origins of the key.');
}

const cookieName = 'd365_connect';

/** `/connect/{token}` and `/oauth/callback`: what the customer's browser opens. */
export function createConnectPages(parts: ServiceParts): Hono<ServiceEnv> {
  const headers = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'unsafe-inline'"],
      frameAncestors: ["'none'"],
    },
    // Without a referrer, a browser would send the button's form with `Origin: null`, which is refused.
    referrerPolicy: 'same-origin',
  });
  return new Hono<ServiceEnv>()
    .use('/connect/*', headers)
    .use('/oauth/*', headers)
    .get('/connect/:token', async (context) => {
      const token = context.req.param('token');
      const session = await parts.sessions.find(token);
      const isOpenElsewhere =
        session?.browser !== undefined && !isBrowserOf(session, readCookie(context)?.value);
      if (session === undefined || isOpenElsewhere) return context.html(endedPage(), 410);
      return context.html(connectPage(token, session));
    })
    .post('/connect/:token', (context) => startSignIn(parts, context))
    .get('/oauth/callback', (context) => finishSignIn(parts, context));
}

/** The sign-in starts with a POST: mail scanners open links, but do not press buttons. */
async function startSignIn(parts: ServiceParts, context: Context<ServiceEnv>): Promise<Response> {
  const token = context.req.param('token') ?? '';
  const session = await parts.sessions.find(token);
  const cookie = await parts.sessions.claim(token, readCookie(context)?.value);
  if (session === undefined || cookie === undefined) return context.html(endedPage(), 410);
  const signIn = await openSignIn(parts, token, session);
  const { url } = await signIn.start({ redirectUri: `${parts.url}/oauth/callback`, session: cookie });
  setCookie(context, cookieName, `${token}.${cookie}`, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: parts.url.startsWith('https:'),
    maxAge: 1800,
  });
  return context.redirect(url, 303);
}

async function finishSignIn(parts: ServiceParts, context: Context<ServiceEnv>): Promise<Response> {
  const cookie = readCookie(context);
  const session = cookie && (await parts.sessions.find(cookie.token));
  if (cookie === undefined || session === undefined || !isBrowserOf(session, cookie.value))
    return context.html(endedPage(), 400);
  try {
    const signIn = await openSignIn(parts, cookie.token, session);
    const { search } = new URL(context.req.url);
    const account = await signIn.finish(`${parts.url}/oauth/callback${search}`, { session: cookie.value });
    await saveConnection(parts, cookie.token, session, account.userName);
    deleteCookie(context, cookieName, { path: '/' });
    if (session.returnUrl !== undefined)
      return context.redirect(addConnection(session.returnUrl, session.connection), 303);
    return context.html(connectedPage(session.connection, account.userName ?? 'the signed-in user'));
  } catch (error) {
    const { detail, advice } = toProblem(error);
    return context.html(failedPage(detail, advice, `/connect/${cookie.token}`), 400);
  }
}

/** The app registration that a session signs in with: its own, or that of the service. */
async function findApp(
  { sessions, app }: ServiceParts,
  token: string,
  session: ConnectSession,
): Promise<ServiceApplication> {
  const found = (await sessions.appOf(token, session)) ?? app;
  if (found !== undefined) return found;
  throw new ServiceError('APP_REGISTRATION_MISSING', 'The session has no appRegistration either.');
}

async function openSignIn(parts: ServiceParts, token: string, session: ConnectSession) {
  const { connector, connections, localAuthority, localDiscovery } = parts;
  const { orgUrl, tenant, connection } = session;
  const { secretFrom: _, ...app } = await findApp(parts, token, session);
  const local = localAuthority === undefined ? {} : { allowLoopback: true, localAuthority, localDiscovery };
  return untypedConnector(connector).signIn(
    omitUndefined({ orgUrl, tenant }),
    { app, vault: connections.vault, connection },
    omitUndefined(local),
  );
}

async function saveConnection(
  parts: ServiceParts,
  token: string,
  session: ConnectSession,
  userName: string | undefined,
): Promise<void> {
  const { connection: name, orgUrl, tenant } = session;
  const app = await findApp(parts, token, session);
  const { saved: place, secrets } = await toSavedSecret(app);
  const { localAuthority, localDiscovery, connections, sessions } = parts;
  const settings = omitUndefined({ orgUrl, tenant });
  const saved = omitUndefined({
    name,
    kind: 'user' as const,
    settings,
    clientId: app.clientId,
    ...place,
    localAuthority,
    localDiscovery,
    account: userName,
  });
  await connections.save(saved, secrets);
  await sessions.end(token);
}

function addConnection(returnUrl: string, connection: string): string {
  const url = new URL(returnUrl);
  url.searchParams.set('connection', connection);
  return url.href;
}

function readCookie(
  context: Context<ServiceEnv>,
): { readonly token: string; readonly value: string } | undefined {
  const [token, value] = getCookie(context, cookieName)?.split('.') ?? [];
  return token === undefined || value === undefined ? undefined : { token, value };
}
