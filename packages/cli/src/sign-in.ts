import type { Account, UserSignIn } from 'dynamics365-connector';
import { openLoopbackRedirect } from 'dynamics365-connector/node';
import { openBrowser } from './open-browser.ts';
import type { Terminal } from './terminal.ts';

/** Signs a user in: in a browser on this machine, or with a code on another device. */
export async function signIn(
  terminal: Terminal,
  session: UserSignIn,
  useDeviceCode: boolean,
): Promise<Account> {
  return await (useDeviceCode
    ? signInWithDeviceCode(terminal, session)
    : signInWithBrowser(terminal, session));
}

async function signInWithDeviceCode(terminal: Terminal, session: UserSignIn): Promise<Account> {
  return await session.withDevice(({ verificationUri, userCode }) =>
    terminal.printNote(
      `Open ${terminal.style('cyan', verificationUri)} and enter ${terminal.style('bold', userCode)}`,
    ),
  );
}

async function signInWithBrowser(terminal: Terminal, session: UserSignIn): Promise<Account> {
  const redirect = await openLoopbackRedirect();
  try {
    const { url } = await session.start({ redirectUri: redirect.redirectUri });
    const callback = redirect.waitFor({ state: new URL(url).searchParams.get('state') ?? '' });
    terminal.printNote(`If no browser opens, sign in here:\n  ${url}`);
    openBrowser(url);
    return await session.finish(await terminal.withSpinner('waiting for the browser', () => callback));
  } finally {
    redirect.close();
  }
}
