import { randomUUID } from 'node:crypto';
import { ConnectorError } from 'dynamics365-connector';
import { asConnectorError } from 'dynamics365-connector/host';
import type { ConfiguredConnection } from './configured-connection.ts';
import { findConnection } from './connection-node.ts';
import type { AdminMiddleware, AdminRequest, AdminResponse } from './node-red-api.ts';
import type { NodeRedContext } from './node-red-context.ts';
import { sendJson } from './send-json.ts';
import { renderSignInPage } from './sign-in-page.ts';

const accountPath = '/dynamics365/connections/:id/sign-in';
const callbackPath = '/dynamics365/callback';

const allowAll: AdminMiddleware = (_request, _response, next) => next();

/** A sign-in that was started and not yet completed. */
interface PendingSignIn {
  readonly connectionId: string;
  readonly redirectUri: string;
}

/** Pending sign-ins by session: a random id that only the browser that started the sign-in has, in a cookie. */
type PendingSignIns = Map<string, PendingSignIn>;

/**
 * Adds the routes for signing in from the form of a connection. The editor starts a sign-in, which needs the
 * permission to change flows. Microsoft redirects the browser to `/dynamics365/callback`. This route needs no
 * permission, because the browser sends no editor token; it accepts each sign-in once, for ten minutes, from the
 * browser that started it.
 */
export function addSignInRoutes(context: NodeRedContext): void {
  const { httpAdmin, auth } = context.red;
  const pendingSignIns: PendingSignIns = new Map();
  httpAdmin?.get(accountPath, auth.needsPermission('flows.read'), (request, response) =>
    sendJson(response, async () => {
      const account = await requireConnection(context, request).getAccount();
      return { account: account ?? null };
    }),
  );
  httpAdmin?.post(accountPath, auth.needsPermission('flows.write'), (request, response) =>
    sendJson(response, () => startSignIn(context, pendingSignIns, { request, response })),
  );
  httpAdmin?.get(callbackPath, allowAll, (request, response) => {
    void completeSignIn(context, pendingSignIns, request).then((text) =>
      response.type('html').send(renderSignInPage(text)),
    );
  });
}

async function startSignIn(
  context: NodeRedContext,
  pendingSignIns: PendingSignIns,
  { request, response }: { readonly request: AdminRequest; readonly response: AdminResponse },
): Promise<{ readonly url: string }> {
  const session = randomUUID();
  const redirectUri = String(request.body?.redirectUri);
  const url = await requireConnection(context, request).startSignIn(redirectUri, session);
  const connectionId = connectionIdOf(request);
  // One pending sign-in for each connection keeps the map bounded.
  for (const [otherSession, pending] of pendingSignIns) {
    if (pending.connectionId === connectionId) pendingSignIns.delete(otherSession);
  }
  pendingSignIns.set(session, { connectionId, redirectUri });
  const secure = redirectUri.startsWith('https:') ? '; Secure' : '';
  response.setHeader('set-cookie', `d365-sign-in=${session}; HttpOnly; SameSite=Lax; Path=/${secure}`);
  return { url };
}

/** Completes a sign-in and returns the text for the page. */
async function completeSignIn(
  context: NodeRedContext,
  pendingSignIns: PendingSignIns,
  request: AdminRequest,
): Promise<string> {
  const [, session = ''] = /\bd365-sign-in=([\w-]+)/.exec(request.headers.cookie ?? '') ?? [];
  const pending = pendingSignIns.get(session);
  pendingSignIns.delete(session);
  const connection = pending && findConnection(context, pending.connectionId);
  if (pending === undefined || connection === undefined)
    return 'No sign-in was started in this browser. Start it in the editor.';
  try {
    // Only the query comes from the request: behind a proxy its host and path may differ from the redirect URI.
    const { search } = new URL(request.originalUrl, pending.redirectUri);
    const { userName } = await connection.finishSignIn(pending.redirectUri + search, session);
    return `Signed in as ${userName}. You can close this page.`;
  } catch (error) {
    const { message, advice } = asConnectorError(error);
    return `${message} ${advice}`;
  }
}

function requireConnection(context: NodeRedContext, request: AdminRequest): ConfiguredConnection {
  const connection = findConnection(context, connectionIdOf(request));
  if (connection !== undefined) return connection;
  throw new ConnectorError('CONNECTION_INVALID', 'The connection is not deployed yet.', {
    advice: 'Press Update and deploy, then sign in.',
  });
}

function connectionIdOf({ params }: AdminRequest): string {
  return params.id ?? '';
}
