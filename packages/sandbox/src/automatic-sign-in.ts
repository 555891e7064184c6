import { ConnectorError } from 'dynamics365-connector';
import type { User } from './authority/directory.ts';
import { simulateSignIn } from './authority/simulated-browser.ts';

/** Goes from an authorize address to the app's callback as the user. Answers the callback, unopened. */
export async function signInAutomatically(authorizeUrl: string, { name, password }: User): Promise<string> {
  const { redirectUrl, page } = await simulateSignIn(authorizeUrl, { username: name, password });
  if (redirectUrl === undefined) throw signInError(page);
  return redirectUrl;
}

/** Enters the code that a device shows, and signs in as the user. */
export async function approveDevice(
  device: { readonly verificationUri: string; readonly userCode: string },
  { name, password }: User,
): Promise<void> {
  const formValues = { username: name, password, user_code: device.userCode };
  const { page } = await simulateSignIn(device.verificationUri, formValues);
  if (!page?.includes('You have signed in')) throw signInError(page);
}

/** The authority kept the person on a page, which says why. */
function signInError(page = ''): ConnectorError {
  const reason = /role="alert">([^<]*)/.exec(page)?.[1] ?? 'no reason was given';
  return new ConnectorError('SIGN_IN_REFUSED', `The sign-in stopped on a page of the authority: ${reason}`);
}
