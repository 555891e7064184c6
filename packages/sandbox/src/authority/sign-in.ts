import type { IncomingMessage, ServerResponse } from 'node:http';
import { readFormBody } from '../server/request-body.ts';
import { createGrant } from './consent-grant.ts';
import type { Directory, SandboxApp } from './directory.ts';
import { entraErrors } from './entra-errors.ts';
import type { EntraOAuthError } from './entra-oauth-error.ts';
import type { Provider } from './oidc-provider.ts';
import { renderConsentPage, renderErrorPage, renderSignInPage } from './pages.ts';

/** Options of the sign-in pages. */
export interface SignInOptions {
  readonly provider: Provider;
  readonly directory: Directory;
  readonly origins: ReadonlySet<string>;
}

interface InteractionDetails {
  readonly prompt: { readonly name: string };
  readonly params: Record<string, unknown>;
  readonly session?: { readonly accountId?: string } | undefined;
}

/** The OIDC provider's `interaction result`. */
type InteractionResult = Record<string, unknown>;

/** Serves the sign-in page and the consent page, and reads their forms. */
export async function handleSignIn(
  options: SignInOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { provider, directory } = options;
  const interaction = await findInteraction(provider, request, response);
  const app = directory.apps.get(String(interaction?.params.client_id));
  if (!interaction || !app) {
    return sendHtml(
      response,
      renderErrorPage('This sign-in has ended or was opened in another browser.'),
      400,
    );
  }
  const action = request.url ?? '';
  const isConsent = interaction.prompt.name === 'consent';
  const hint = String(interaction.params.login_hint ?? '');
  if (request.method !== 'POST') {
    const page = isConsent
      ? renderConsentPage({ action, app: app.name })
      : renderSignInPage({ action, app: app.name, hint });
    return sendHtml(response, page);
  }
  const form = await readFormBody(request);
  const userId = interaction.session?.accountId ?? '';
  const result = isConsent
    ? await handleConsent(options, app, { userId, form })
    : signUserIn(directory, form);
  if (typeof result !== 'string') return provider.interactionFinished(request, response, result);
  const username = form.get('username') ?? hint;
  sendHtml(response, renderSignInPage({ action, app: app.name, hint: username, problem: result }));
}

/** The result of a sign-in, or why it was rejected. */
function signUserIn(directory: Directory, form: URLSearchParams): InteractionResult | string {
  const user = directory.findUserByName(form.get('username') ?? '');
  if (!user) return 'AADSTS50034: This user name does not exist in the directory.';
  if (user.password !== (form.get('password') ?? ''))
    return 'AADSTS50126: The user name or password is wrong.';
  if (user.disabled) return entraErrors.disabledUser().error_description;
  return { login: { accountId: user.objectId }, select_account: {} };
}

async function findInteraction(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<InteractionDetails | undefined> {
  try {
    return await provider.interactionDetails(request, response);
  } catch {
    return undefined;
  }
}

async function handleConsent(
  { provider, directory, origins }: SignInOptions,
  app: SandboxApp,
  submission: { readonly userId: string; readonly form: URLSearchParams },
): Promise<InteractionResult> {
  if (submission.form.get('consent') !== 'accept') return errorResult(entraErrors.declinedConsent());
  if (app.consent === 'admin') return errorResult(entraErrors.adminConsentNeeded());
  directory.grantConsent(app, submission.userId);
  const grantId = await createGrant(provider, { app, userId: submission.userId, origins }).save();
  return { consent: { grantId } };
}

function errorResult(error: EntraOAuthError): InteractionResult {
  return { error: error.error, error_description: error.error_description };
}

function sendHtml(response: ServerResponse, html: string, status = 200): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  response.end(html);
}
