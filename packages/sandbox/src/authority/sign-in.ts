import type { IncomingMessage, ServerResponse } from 'node:http';
import { readFormBody } from '../server/request-body.ts';
import { createGrant } from './consent-grant.ts';
import type { Directory, SandboxApp, User } from './directory.ts';
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
  if (isConsent) {
    const result = await handleConsent(options, app, { userId: interaction.session?.accountId ?? '', form });
    return provider.interactionFinished(request, response, result);
  }
  const user = directory.findUserByName(form.get('username') ?? '');
  const problem = findSignInProblem(user, form.get('password') ?? '');
  if (!user || problem) {
    return sendHtml(
      response,
      renderSignInPage({ action, app: app.name, hint: form.get('username') ?? hint, problem: problem ?? '' }),
    );
  }
  await provider.interactionFinished(request, response, {
    login: { accountId: user.objectId },
    select_account: {},
  });
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

/** Why a user name and password are rejected. */
function findSignInProblem(user: User | undefined, password: string): string | undefined {
  if (!user) return 'AADSTS50034: This user name does not exist in the directory.';
  if (user.password !== password) return 'AADSTS50126: The user name or password is wrong.';
  if (user.disabled) return entraErrors.disabledUser().error_description;
  return undefined;
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
