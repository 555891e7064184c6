import { ConnectorError } from 'dynamics365-connector';
import { signInLikeAPerson } from './authority/browser.ts';
import type { User } from './authority/directory.ts';

/** Goes from an authorize address to the app's callback as the user. Answers the callback, unopened. */
export async function signInAutomatically(authorizeUrl: string, { name, password }: User): Promise<string> {
  const { redirectedTo, page } = await signInLikeAPerson(authorizeUrl, { username: name, password });
  if (redirectedTo === undefined) throw stuck(page);
  return redirectedTo;
}

/** Enters the code that a device shows, and signs in as the user. */
export async function approveDevice(
  device: { readonly verificationUri: string; readonly userCode: string },
  { name, password }: User,
): Promise<void> {
  const typed = { username: name, password, user_code: device.userCode };
  const { page } = await signInLikeAPerson(device.verificationUri, typed);
  if (!page?.includes('You have signed in')) throw stuck(page);
}

/** The authority kept the person on a page, which says why. */
function stuck(page = ''): ConnectorError {
  const words = /role="alert">([^<]*)/.exec(page)?.[1] ?? 'no reason was given';
  return new ConnectorError('SIGN_IN_REFUSED', `The sign-in stopped on a page of the authority: ${words}`);
}
