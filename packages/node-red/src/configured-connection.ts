import type { Account, Client, ConnectorError, Credential, UserConnection } from 'dynamics365-connector';
import { omitUndefined, readAccount } from 'dynamics365-connector/host';
import { managedIdentity } from 'dynamics365-connector/node';
import { appFromCredentials, type NodeCredentials, openUserVault, type SignInKind } from './credentials.ts';
import type { NodeRedContext } from './node-red-context.ts';

/** The fields of the connection's form that are stored in the flow. */
export interface ConnectionConfig {
  readonly orgUrl: string;
  /** Empty: found from the environment; required to sign in as the app. */
  readonly tenant: string;
  /** For a managed identity: that of a user-assigned one, or empty. */
  readonly clientId: string;
  /** Default: `secret`. */
  readonly signIn?: SignInKind;
}

/** A connection as nodes and routes use it. */
export interface ConfiguredConnection {
  /** Opens the client, once; CONNECTION_INVALID when the settings cannot be used. */
  openClient(): Promise<Client>;
  /** The signed-in user; undefined when no user has signed in. */
  getAccount(): Promise<Account | undefined>;
  /** Starts a sign-in and returns the URL for the browser. `session` must be known to this browser only. */
  startSignIn(redirectUri: string, session: string): Promise<string>;
  /** Completes a sign-in with the URL that the browser was redirected to, and checks the connection. */
  finishSignIn(callbackUrl: string, session: string): Promise<Account>;
  /** Deletes the tokens of the signed-in user. */
  forgetTokens(): Promise<void>;
}

/** The configuration of a connection node. */
export interface ConnectionNodeSettings {
  readonly id: string;
  readonly credentials: NodeCredentials;
  readonly config: ConnectionConfig;
}

/** Creates the connection of a node. It opens nothing and sends nothing before it is used. */
export function createConfiguredConnection(
  context: NodeRedContext,
  node: ConnectionNodeSettings,
): ConfiguredConnection {
  let client: Promise<Client> | undefined;
  const openClient = () => {
    client ??= connect(context, node).catch((error: ConnectorError) => {
      // The next call tries again.
      client = undefined;
      throw error;
    });
    return client;
  };
  return {
    openClient,
    async getAccount() {
      const { vault, connection } = await openUserConnection(context, node);
      return await readAccount(vault, connection);
    },
    async startSignIn(redirectUri, session) {
      const signIn = await openSignIn(context, node);
      return (await signIn.start({ redirectUri, session, prompt: 'select_account' })).url;
    },
    async finishSignIn(callbackUrl, session) {
      const signIn = await openSignIn(context, node);
      const account = await signIn.finish(callbackUrl, { session });
      // The open client may have a token of the previous user.
      client = undefined;
      await (await openClient()).check();
      return account;
    },
    forgetTokens: async () => (await openSignIn(context, node)).forget(),
  };
}

async function connect(context: NodeRedContext, node: ConnectionNodeSettings): Promise<Client> {
  const { connector, connectOptions } = context;
  return connector.connect(
    connectionSettings(node.config),
    await openCredential(context, node),
    connectOptions,
  );
}

async function openCredential(context: NodeRedContext, node: ConnectionNodeSettings): Promise<Credential> {
  const { signIn, clientId } = node.config;
  if (signIn === 'user') return { kind: 'user', ...(await openUserConnection(context, node)) };
  if (signIn === 'managed') return managedIdentity(clientId ? { clientId } : {});
  return { kind: 'app', app: appOf(node) };
}

async function openSignIn(context: NodeRedContext, node: ConnectionNodeSettings) {
  const { connector, connectOptions } = context;
  const user = await openUserConnection(context, node);
  return connector.signIn(connectionSettings(node.config), user, connectOptions);
}

async function openUserConnection(
  { store }: NodeRedContext,
  node: ConnectionNodeSettings,
): Promise<UserConnection> {
  const vault = await openUserVault(store, node.id, node.credentials);
  return { app: appOf(node), vault, connection: 'user' };
}

function appOf({ config, credentials }: ConnectionNodeSettings) {
  return appFromCredentials(config.clientId, config.signIn ?? 'secret', credentials);
}

function connectionSettings({ orgUrl, tenant }: ConnectionConfig) {
  return omitUndefined({ orgUrl, tenant: tenant || undefined });
}
