import { type Connector, ConnectorError } from 'dynamics365-connector';
import { omitUndefined } from 'dynamics365-connector/host';
import {
  type ConnectionStore,
  localConnectOptions,
  openConnectionStore,
  toApp,
} from 'dynamics365-connector/node';
import { type ConnectFlags, type ConnectionDraft, draftConnection } from '../draft-connection.ts';
import { loadSendingConnector } from '../load-sending-connector.ts';
import { pickOrganization } from '../pick-organization.ts';
import { signIn } from '../sign-in.ts';
import { checkSavedConnection } from './check-connection.ts';
import type { CommandContext } from './command-context.ts';

/** What a sign-in adds to the draft of a connection. */
interface SignInResult {
  readonly account?: string;
  readonly orgUrl?: string;
}

/**
 * `d365 connect <name>`: signs in, saves the connection encrypted under that name, and checks it. A failed sign-in
 * changes nothing. A failed check keeps the saved connection, so that it can be checked again later.
 */
export default async function connect(context: CommandContext<ConnectFlags>) {
  const { terminal, args, options } = context;
  const [name = ''] = args;
  const connections = await openConnectionStore();
  try {
    const draft = await draftConnection(connections, name, options);
    const connector = await loadSendingConnector({
      manifest: options.manifest,
      store: connections.store,
    });
    const result = draft.kind === 'user' ? await signInUser(context, { draft, connector, connections }) : {};
    const { secrets, settings, ...saved } = draft;
    const orgUrl = result.orgUrl ?? requireOrgUrl(draft);
    await connections.save({ ...saved, account: result.account, settings: { ...settings, orgUrl } }, secrets);
    return await checkSavedConnection(terminal, connections, name, options.manifest);
  } finally {
    connections.close();
  }
}

/** Signs a user in. Without --org, the user then picks an organization. */
async function signInUser(
  { terminal, options }: CommandContext<ConnectFlags>,
  {
    draft,
    connector,
    connections,
  }: {
    readonly draft: ConnectionDraft;
    readonly connector: Connector;
    readonly connections: ConnectionStore;
  },
): Promise<SignInResult> {
  const user = { app: toApp(draft, draft.secrets), vault: connections.vault, connection: draft.name };
  const connectOptions = localConnectOptions(draft);
  const { orgUrl } = draft.settings;
  const cloud = orgUrl === undefined ? options.cloud : undefined;
  const settings = omitUndefined({ ...draft.settings, cloud });
  const session = connector.signIn(settings, user, connectOptions);
  const { userName, name } = await signIn(terminal, session, options.device === true).catch(addOrgAdvice);
  const account = userName ?? name;
  if (orgUrl !== undefined) return { account };
  try {
    const organizations = await connector.organizations(settings, user, connectOptions);
    return { account, orgUrl: (await pickOrganization(terminal, organizations)).url };
  } catch (error) {
    await session.forget();
    throw error;
  }
}

/** `draftConnection` requires the URL for an app, and `signInUser` finds it for a user. */
function requireOrgUrl({ settings }: ConnectionDraft): string {
  if (settings.orgUrl !== undefined) return settings.orgUrl;
  throw new ConnectorError('CONNECTION_INVALID', 'The connection has no environment URL.');
}

/** With a mistyped --org there is no sign-in yet that could list the right ones, so the advice names the way. */
function addOrgAdvice(error: unknown): never {
  const isOrgError = error instanceof ConnectorError && ['NETWORK', 'ORG_MISMATCH'].includes(error.code);
  if (!isOrgError) throw error;
  throw error.withDetails({
    advice: `${error.advice} Without --org, d365 connect lists the organizations that you can access.`,
  });
}
