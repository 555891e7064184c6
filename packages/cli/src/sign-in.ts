import type { Account, UserSignIn } from 'dynamics365-connector';
import { openLoopbackRedirect } from 'dynamics365-connector/node';
import { openBrowser } from './open-browser.ts';
import type { Terminal } from './terminal.ts';

/** Signs a person in: in a browser on this machine, or with a code on another device. */
export async function signIn(terminal: Terminal, session: UserSignIn, onDevice: boolean): Promise<Account> {
  return await (onDevice ? signInElsewhere(terminal, session) : signInHere(terminal, session));
}

async function signInElsewhere(terminal: Terminal, session: UserSignIn): Promise<Account> {
  return await session.withDevice(({ verificationUri, userCode }) =>
    terminal.note(
      `Open ${terminal.style('cyan', verificationUri)} and enter ${terminal.style('bold', userCode)}`,
    ),
  );
}

async function signInHere(terminal: Terminal, session: UserSignIn): Promise<Account> {
  const door = await openLoopbackRedirect();
  try {
    const { url } = await session.start({ redirectUri: door.redirectUri });
    terminal.note(`Sign in here, if no browser opens by itself:\n  ${url}`);
    openBrowser(url);
    return await session.finish(await terminal.during('waiting for the browser', () => door.callback));
  } finally {
    door.close();
  }
}
