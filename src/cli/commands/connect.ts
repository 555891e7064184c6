import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { type App, ConnectorError, loadConnector, Secret, type UserSignIn } from '../../index.ts';
import { type Connections, openConnections, type SavedConnection } from '../../node/connections.ts';
import { openLoopbackRedirect } from '../../node/loopback-redirect.ts';
import { openBrowser } from '../open-browser.ts';
import type { Terminal } from '../terminal.ts';
import { checkAndTell } from './check-connection.ts';
import type { CommandContext } from './context.ts';

/** What `d365 connect` takes. Secrets never stand on the command line, where every process could read them. */
export interface ConnectCommandOptions {
  readonly org: string;
  readonly clientId: string;
  readonly tenant?: string;
  readonly app?: boolean;
  readonly device?: boolean;
  readonly secretStdin?: boolean;
  readonly certificate?: string;
  readonly key?: string;
  readonly authority?: string;
}

/** `d365 connect <name>`: signs in, keeps the sign-in sealed under that name, and checks that it works. */
export default async function connect({ terminal, args, options }: CommandContext<ConnectCommandOptions>) {
  const name = args[0]!;
  const connections = await openConnections();
  const { saved, secrets } = await describeConnection(name, options);
  await connections.save(saved, secrets);
  try {
    if (saved.kind === 'user') await signIn(terminal, connections, saved, options.device === true);
    return await checkAndTell(terminal, connections, name, options.manifest);
  } catch (error) {
    // A first sign-in that failed leaves nothing behind; "half connected" is what people report elsewhere.
    if (saved.kind === 'user') await connections.remove(name);
    throw error;
  } finally {
    connections.close();
  }
}

async function describeConnection(name: string, options: CommandContext<ConnectCommandOptions>['options']) {
  const secret = await readSecret(options);
  const certificate = options.certificate === undefined ? undefined : await readPem(options.certificate);
  const privateKey = options.key === undefined ? undefined : new Secret(await readPem(options.key));
  const saved: SavedConnection = {
    name,
    kind: options.app ? 'app' : 'user',
    settings: { orgUrl: options.org, ...(options.tenant === undefined ? {} : { tenant: options.tenant }) },
    clientId: options.clientId,
    ...(options.authority === undefined ? {} : { localAuthority: options.authority }),
    ...(certificate === undefined ? {} : { certificate }),
  };
  return {
    saved,
    secrets: {
      ...(secret === undefined ? {} : { secret }),
      ...(privateKey === undefined ? {} : { privateKey }),
    },
  };
}

async function readSecret({ secretStdin }: ConnectCommandOptions): Promise<Secret | undefined> {
  if (secretStdin) return new Secret((await text(process.stdin)).trim());
  const fromEnv = process.env.D365_CLIENT_SECRET;
  return fromEnv ? new Secret(fromEnv) : undefined;
}

async function readPem(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConnectorError('SETTING_INVALID', `${file} cannot be read (${error.code}).`);
  });
}

async function signIn(terminal: Terminal, connections: Connections, saved: SavedConnection, device: boolean) {
  const { credential, options } = await connections.open(saved.name);
  const connector = await loadConnector({ world: { store: connections.store } });
  const { app } = credential as { readonly app: App };
  const user = { app, vault: connections.vault, connection: saved.name };
  const session = connector.signIn(saved.settings, user, options);
  const account = await (device ? signInElsewhere(terminal, session) : signInHere(terminal, session));
  const who = account.userName ?? account.name;
  if (who !== undefined) await connections.save({ ...saved, account: who });
}

async function signInElsewhere(terminal: Terminal, session: UserSignIn) {
  return await session.withDevice(({ verificationUri, userCode }) =>
    terminal.note(
      `Open ${terminal.style('cyan', verificationUri)} and enter ${terminal.style('bold', userCode)}`,
    ),
  );
}

async function signInHere(terminal: Terminal, session: UserSignIn) {
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
