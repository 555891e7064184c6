import { ConnectorError } from 'dynamics365-connector';
/** What is typed into the forms of a sign-in, by the name of the field. */
export interface Typed {
  readonly username: string;
  readonly password: string;
  /** For the device page. */
  readonly user_code?: string;
  /** Which button of the consent page is pressed; `accept` unless told. */
  readonly consent?: 'accept' | 'decline';
}

/** Where a sign-in ended. */
export interface SignInEnd {
  /** The address outside the authority that the browser was sent to: the callback of the app. */
  readonly redirectedTo?: string;
  /** The last page, where there was no such address. */
  readonly page?: string;
}

const MOST_STEPS = 20;

/**
 * Goes through a sign-in as a person with a browser would, over real HTTP: follows redirects, keeps cookies,
 * fills in forms. It stops before it would leave the authority, and on a page without a form,
 * or with one that was filled in before.
 */
export async function signInLikeAPerson(start: string, typed: Typed): Promise<SignInEnd> {
  const home = new URL(start).origin;
  const cookies = new Map<string, string>();
  let url = start;
  let form: URLSearchParams | undefined;
  const filledIn = new Set<string>();
  for (let step = 0; step < MOST_STEPS; step++) {
    const answer = await visit(url, cookies, form);
    const location = answer.headers.get('location');
    if (location !== null) {
      const next = new URL(location, url);
      if (next.origin !== home) return { redirectedTo: next.href };
      [url, form] = [next.href, undefined];
      await answer.body?.cancel();
      continue;
    }
    const page = await answer.text();
    const found = readForm(page, typed);
    const kind = found && `${found.action} ${[...found.fields.keys()]}`;
    if (!found || !kind || filledIn.has(kind)) return { page };
    filledIn.add(kind);
    [url, form] = [new URL(found.action, url).href, found.fields];
  }
  throw new ConnectorError('SIGN_IN_REFUSED', `The sign-in did not end after ${MOST_STEPS} steps.`);
}

async function visit(
  url: string,
  cookies: Map<string, string>,
  form: URLSearchParams | undefined,
): Promise<Response> {
  const answer = await fetch(url, {
    redirect: 'manual',
    headers: {
      accept: 'text/html',
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    },
    ...(form ? { method: 'POST', body: form } : {}),
  });
  for (const cookie of answer.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (value === '') cookies.delete(name);
    else cookies.set(name, value);
  }
  return answer;
}

/** The form of a page with what would be sent, or undefined when the page has none. */
function readForm(page: string, typed: Typed): { action: string; fields: URLSearchParams } | undefined {
  const open = /<form\b[^>]*>/i.exec(page)?.[0];
  if (!open || attribute(open, 'action') === undefined) return undefined;
  const fields = new URLSearchParams();
  for (const [input] of page.matchAll(/<input\b[^>]*>/gi)) {
    const name = attribute(input, 'name');
    if (name) fields.set(name, typedValue(typed, name) ?? attribute(input, 'value') ?? '');
  }
  if (/<button\b[^>]*name="consent"/i.test(page)) fields.set('consent', typed.consent ?? 'accept');
  return { action: attribute(open, 'action') ?? '', fields };
}

function typedValue(typed: Typed, name: string): string | undefined {
  return name === 'username' || name === 'password' || name === 'user_code' ? typed[name] : undefined;
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(tag)?.[1];
  return value?.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}
