import { ConnectorError } from 'dynamics365-connector/base';
import type { User } from './authority/directory.ts';
import { simulateSignIn } from './authority/simulated-browser.ts';

/** Signs in at an authorize URL and returns the app's redirect URL, which is not requested. */
export async function signInAutomatically(authorizeUrl: string, { name, password }: User): Promise<string> {
  const { redirectUrl, page } = await simulateSignIn(authorizeUrl, { username: name, password });
  if (redirectUrl === undefined) throw signInError(page);
  return redirectUrl;
}

/** Enters the user code of a device at the verification URI and signs the user in. */
export async function approveDevice(
  device: { readonly verificationUri: string; readonly userCode: string },
  { name, password }: User,
): Promise<void> {
  const formValues = { username: name, password, user_code: device.userCode };
  const { page } = await simulateSignIn(device.verificationUri, formValues);
  if (!page?.includes('You have signed in')) throw signInError(page);
}

/** The sign-in ended on a page of the authority; the page states the reason. */
function signInError(page = ''): ConnectorError {
  const reason = /role="alert">([^<]*)/.exec(page)?.[1] ?? 'the page gives no reason.';
  return new ConnectorError('SIGN_IN_REFUSED', `The authority rejected the sign-in: ${reason}`);
}
