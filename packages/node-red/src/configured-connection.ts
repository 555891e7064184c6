import type { Account, Client, UserConnection } from 'dynamics365-connector';
import { readAccount } from 'dynamics365-connector/host';
import { appFromCredentials, type NodeCredentials, openUserVault, type SignInKind } from './credentials.ts';
import type { NodeRedContext } from './node-red-context.ts';

/** What is entered in the form of a connection. */
export interface ConnectionConfig {
  readonly orgUrl: string;
  readonly tenant: string;
  readonly clientId: string;
  /** `secret` unless told. */
  readonly signIn?: SignInKind;
}

/** A connection as nodes and routes use it. */
export interface ConfiguredConnection {
  /** CONNECTION_INVALID when the settings cannot be used. */
  openClient(): Promise<Client>;
  /** Who has signed in; undefined when nobody has. */
  getAccount(): Promise<Account | undefined>;
  /** Where to send the browser of somebody who wants to sign in. `session` is that browser's alone. */
  startSignIn(redirectUri: string, session: string): Promise<string>;
  /** Takes the address that the browser came back to, and tries the connection. */
  finishSignIn(callbackUrl: string, session: string): Promise<Account>;
  /** Forgets the tokens of its user. */
  forgetTokens(): Promise<void>;
}

/** The connection of a node. Nothing is sent or opened before it is used. */
export function createConfiguredConnection(
  { connector, store, red }: NodeRedContext,
  { id, credentials, config }: { id: string; credentials: NodeCredentials; config: ConnectionConfig },
): ConfiguredConnection {
  const { orgUrl, tenant, clientId, signIn: kind = 'secret' } = config;
  const settings = { orgUrl, ...(tenant ? { tenant } : {}) };
  const options = red.settings.dynamics365;
  const app = appFromCredentials(clientId, kind, credentials);
  const openUserConnection = async (): Promise<UserConnection> => ({
    app,
    vault: await openUserVault(store, id, credentials),
    connection: 'user',
  });
  const connect = async () =>
    connector.connect(
      settings,
      kind === 'user' ? { kind: 'user', ...(await openUserConnection()) } : { kind: 'app', app },
      options,
    );
  const signIn = async () => connector.signIn(settings, await openUserConnection(), options);
  let client: Promise<Client> | undefined;
  const openClient = () => {
    client ??= connect().catch((error: unknown) => {
      // It could not be opened this time; who asks next tries again.
      client = undefined;
      throw error;
    });
    return client;
  };
  return {
    openClient,
    async getAccount() {
      const { vault, connection } = await openUserConnection();
      return await readAccount(vault, connection);
    },
    async startSignIn(redirectUri, session) {
      const { url } = await (await signIn()).start({ redirectUri, session, prompt: 'select_account' });
      return url;
    },
    async finishSignIn(callbackUrl, session) {
      const account = await (await signIn()).finish(callbackUrl, { session });
      // The client at hand may hold a token of whoever was signed in before.
      client = undefined;
      await (await openClient()).check();
      return account;
    },
    forgetTokens: async () => (await signIn()).forget(),
  };
}
