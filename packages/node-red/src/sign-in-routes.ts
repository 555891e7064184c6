import { randomUUID } from 'node:crypto';
import { ConnectorError } from 'dynamics365-connector';
import { asConnectorError } from 'dynamics365-connector/host';
import { findConnection } from './connection-node.ts';
import type { AdminMiddleware, AdminRequest, AdminResponse } from './node-red-api.ts';
import type { NodeRedContext } from './node-red-context.ts';
import { renderSignInPage } from './sign-in-page.ts';

/** For everybody. */
const allowAll: AdminMiddleware = (_request, _response, next) => next();

/** A browser that was sent to sign in, and where it shall come back to. */
interface PendingSignIn {
  readonly connection: string;
  readonly redirectUri: string;
}

/**
 * Signing in to a connection from its form. The editor starts it, with the permission to change flows, and gets the
 * address to open; Microsoft sends that browser back to `/dynamics365/callback`, which no permission guards (it is no
 * call of the editor): it counts once, in the browser that started, for ten minutes.
 */
export function addSignInRoutes(context: NodeRedContext): void {
  const { httpAdmin, auth } = context.red;
  const pendingSignIns = new Map<string, PendingSignIn>();
  const path = '/dynamics365/connections/:id/sign-in';
  httpAdmin?.get(path, auth.needsPermission('flows.read'), (request, response) =>
    sendJson(response, async () => ({
      account: (await requireConnection(context, request).getAccount()) ?? null,
    })),
  );
  httpAdmin?.post(path, auth.needsPermission('flows.write'), (request, response) =>
    sendJson(response, async () => {
      const session = randomUUID();
      const redirectUri = String(request.body?.redirectUri);
      const url = await requireConnection(context, request).startSignIn(redirectUri, session);
      const connection = request.params.id!;
      // Of a connection only the latest counts, so the list is no longer than that of connections.
      for (const [key, other] of pendingSignIns)
        if (other.connection === connection) pendingSignIns.delete(key);
      pendingSignIns.set(session, { connection, redirectUri });
      const secure = redirectUri.startsWith('https:') ? '; Secure' : '';
      response.setHeader('set-cookie', `d365-sign-in=${session}; HttpOnly; SameSite=Lax; Path=/${secure}`);
      return { url };
    }),
  );
  httpAdmin?.get('/dynamics365/callback', allowAll, (request, response) => {
    const [, session = ''] = /\bd365-sign-in=([\w-]+)/.exec(request.headers.cookie ?? '') ?? [];
    const started = pendingSignIns.get(session);
    pendingSignIns.delete(session);
    void completeSignIn(context, { request, session, pending: started }).then((text) =>
      response.type('html').send(renderSignInPage(text)),
    );
  });
}

interface SignInCallback {
  readonly request: AdminRequest;
  readonly session: string;
  readonly pending: PendingSignIn | undefined;
}

/** What to tell the person. */
async function completeSignIn(
  context: NodeRedContext,
  { request, session, pending }: SignInCallback,
): Promise<string> {
  const connection = pending && findConnection(context, pending.connection);
  if (connection === undefined) return 'No sign-in was started in this browser. Start it in the editor.';
  try {
    // What the outside sees may not be what a proxy tells us; the engine compares the rest with what was asked.
    const { search } = new URL(request.originalUrl, pending!.redirectUri);
    const { userName } = await connection.finishSignIn(pending!.redirectUri + search, session);
    return `Signed in as ${userName}. You can close this page.`;
  } catch (error) {
    const { message, advice } = asConnectorError(error);
    return `${message} ${advice}`;
  }
}

function requireConnection(context: NodeRedContext, { params }: AdminRequest) {
  const connection = findConnection(context, params.id ?? '');
  if (connection !== undefined) return connection;
  throw new ConnectorError('CONNECTION_INVALID', 'The connection is not deployed yet.', {
    advice: 'Press Update and deploy; then sign in here.',
  });
}

/** Answers what `work` comes to, or what is wrong. */
function sendJson(response: AdminResponse, work: () => Promise<object>): void {
  void work().then(
    (value) => response.json(value),
    (error: unknown) => response.status(400).json(asConnectorError(error)),
  );
}
