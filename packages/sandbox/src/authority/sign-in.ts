import type { IncomingMessage, ServerResponse } from 'node:http';
import { readForm } from '../server/body.ts';
import { makeGrant } from './consent-grant.ts';
import type { App, Directory, User } from './directory.ts';
import type { EntraRefusal } from './entra-refusal.ts';
import type { Provider } from './library.ts';
import { consentPage, refusalPage, signInPage } from './pages.ts';
import { refuse } from './refusals.ts';

/** What the pages work with. */
export interface SignInOptions {
  readonly provider: Provider;
  readonly directory: Directory;
  readonly origins: ReadonlySet<string>;
}

interface Step {
  readonly prompt: { readonly name: string };
  readonly params: Record<string, unknown>;
  readonly session?: { readonly accountId?: string } | undefined;
}

/** What the sign-in goes on with: the library's `interaction result`. */
type Result = Record<string, unknown>;

/** Shows and takes the pages of a sign-in: who are you, may this app act for you. */
export async function handleSignIn(
  options: SignInOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { provider, directory } = options;
  const step = await findStep(provider, request, response);
  const app = directory.apps.get(String(step?.params.client_id));
  if (!step || !app)
    return show(response, refusalPage('This sign-in has ended or was opened in another browser.'), 400);
  const action = request.url ?? '';
  const isConsent = step.prompt.name === 'consent';
  const hint = String(step.params.login_hint ?? '');
  if (request.method !== 'POST') {
    const page = isConsent
      ? consentPage({ action, app: app.name })
      : signInPage({ action, app: app.name, hint });
    return show(response, page);
  }
  const form = await readForm(request);
  if (isConsent) {
    const result = await consent(options, app, { userId: step.session?.accountId ?? '', form });
    return provider.interactionFinished(request, response, result);
  }
  const user = directory.userNamed(form.get('username') ?? '');
  const problem = problemOf(user, form.get('password') ?? '');
  if (!user || problem) {
    return show(
      response,
      signInPage({ action, app: app.name, hint: form.get('username') ?? hint, problem: problem ?? '' }),
    );
  }
  await provider.interactionFinished(request, response, {
    login: { accountId: user.objectId },
    select_account: {},
  });
}

async function findStep(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Step | undefined> {
  try {
    return await provider.interactionDetails(request, response);
  } catch {
    return undefined;
  }
}

/** The sentence for a name or password that does not do. */
function problemOf(user: User | undefined, password: string): string | undefined {
  if (!user) return 'AADSTS50034: This user name does not exist in the directory.';
  if (user.password !== password) return 'AADSTS50126: The user name or password is wrong.';
  if (user.disabled) return refuse.disabledUser().error_description;
  return undefined;
}

async function consent(
  { provider, directory, origins }: SignInOptions,
  app: App,
  answer: { readonly userId: string; readonly form: URLSearchParams },
): Promise<Result> {
  if (answer.form.get('consent') !== 'accept') return refusalResult(refuse.declinedConsent());
  if (app.consent === 'admin') return refusalResult(refuse.adminConsentNeeded());
  directory.giveConsent(app, answer.userId);
  const grantId = await makeGrant(provider, { app, userId: answer.userId, origins }).save();
  return { consent: { grantId } };
}

function refusalResult(refusal: EntraRefusal): Result {
  return { error: refusal.error, error_description: refusal.error_description };
}

function show(response: ServerResponse, html: string, status = 200): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  response.end(html);
}
