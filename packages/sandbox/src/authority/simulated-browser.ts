import { ConnectorError } from 'dynamics365-connector/base';

/** The values to enter into the forms of a sign-in, by field name. */
export interface SignInFormValues {
  readonly username: string;
  readonly password: string;
  /** User code, for the page of the device code flow. */
  readonly user_code?: string;
  /** The button to press on the consent page. Default: `accept`. */
  readonly consent?: 'accept' | 'decline';
}

/** How a sign-in ended. */
export interface SignInResult {
  /** The redirect to an address outside the authority: the redirect URI of the app with its parameters. */
  readonly redirectUrl?: string;
  /** The last page as HTML, when there was no such redirect. */
  readonly page?: string;
}

const maxSteps = 20;

/**
 * Signs in over HTTP as a browser does: follows redirects, keeps cookies and submits forms. Stops before a redirect to
 * another origin, at a page without a form, and at a form that it has submitted before.
 */
export async function simulateSignIn(start: string, formValues: SignInFormValues): Promise<SignInResult> {
  const authorityOrigin = new URL(start).origin;
  const cookies = new Map<string, string>();
  let url = start;
  let form: URLSearchParams | undefined;
  const filledIn = new Set<string>();
  for (let step = 0; step < maxSteps; step++) {
    const response = await fetchPage(url, cookies, form);
    const location = response.headers.get('location');
    if (location !== null) {
      const next = new URL(location, url);
      if (next.origin !== authorityOrigin) return { redirectUrl: next.href };
      [url, form] = [next.href, undefined];
      await response.body?.cancel();
      continue;
    }
    const page = await response.text();
    const parsedForm = parseForm(page, formValues);
    const formKey = parsedForm && `${parsedForm.action} ${[...parsedForm.fields.keys()]}`;
    if (!parsedForm || !formKey || filledIn.has(formKey)) return { page };
    filledIn.add(formKey);
    [url, form] = [new URL(parsedForm.action, url).href, parsedForm.fields];
  }
  throw new ConnectorError(
    'SIGN_IN_REFUSED',
    `The sign-in did not end after ${maxSteps} pages and redirects.`,
  );
}

async function fetchPage(
  url: string,
  cookies: Map<string, string>,
  form: URLSearchParams | undefined,
): Promise<Response> {
  const response = await fetch(url, {
    redirect: 'manual',
    headers: {
      accept: 'text/html',
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    },
    method: form ? 'POST' : 'GET',
    body: form,
  });
  for (const cookie of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (value === '') cookies.delete(name);
    else cookies.set(name, value);
  }
  return response;
}

/** The form of a page with the values to submit; undefined when the page has none. */
function parseForm(
  page: string,
  formValues: SignInFormValues,
): { action: string; fields: URLSearchParams } | undefined {
  const open = /<form\b[^>]*>/i.exec(page)?.[0];
  if (!open || readHtmlAttribute(open, 'action') === undefined) return undefined;
  const fields = new URLSearchParams();
  for (const [input] of page.matchAll(/<input\b[^>]*>/gi)) {
    const name = readHtmlAttribute(input, 'name');
    if (name) fields.set(name, formValueFor(formValues, name) ?? readHtmlAttribute(input, 'value') ?? '');
  }
  if (/<button\b[^>]*name="consent"/i.test(page)) fields.set('consent', formValues.consent ?? 'accept');
  return { action: readHtmlAttribute(open, 'action') ?? '', fields };
}

function formValueFor(formValues: SignInFormValues, name: string): string | undefined {
  return name === 'username' || name === 'password' || name === 'user_code' ? formValues[name] : undefined;
}

function readHtmlAttribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(tag)?.[1];
  return value?.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}
