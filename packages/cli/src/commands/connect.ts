import { type Account, type Connector, ConnectorError, loadConnector } from 'dynamics365-connector';
import {
  type ConnectionStore,
  localConnectOptions,
  openConnectionStore,
  toApp,
} from 'dynamics365-connector/node';
import { type ConnectFlags, type ConnectionDraft, draftConnection } from '../draft-connection.ts';
import { pickOrganization } from '../pick-organization.ts';
import { signIn } from '../sign-in.ts';
import { checkSavedConnection } from './check-connection.ts';
import type { CommandContext } from './command-context.ts';

/**
 * `d365 connect <name>`: signs in, keeps the sign-in sealed under that name, and checks that it works. A sign-in
 * that fails changes nothing; a check that fails keeps what is saved, to be tried again when it is mended.
 */
export default async function connect(context: CommandContext<ConnectFlags>) {
  const { terminal, args, options } = context;
  const name = args[0]!;
  const connections = await openConnectionStore();
  try {
    const draft = await draftConnection(connections, name, options);
    const connector = await loadConnector({
      folder: options.manifest,
      services: { store: connections.store },
    });
    const found = draft.kind === 'user' ? await signInUser(context, { draft, connector, connections }) : {};
    const { secrets, ...saved } = draft;
    const orgUrl = found.orgUrl ?? draft.settings.orgUrl!;
    const account = found.account === undefined ? {} : { account: found.account };
    await connections.save({ ...saved, ...account, settings: { ...draft.settings, orgUrl } }, secrets);
    return await checkSavedConnection(terminal, connections, name, options.manifest);
  } finally {
    connections.close();
  }
}

/** A user signs in, and picks an organization where none was named. */
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
): Promise<{ readonly account?: string; readonly orgUrl?: string }> {
  const user = { app: toApp(draft, draft.secrets), vault: connections.vault, connection: draft.name };
  const connectOptions = localConnectOptions(draft);
  const { cloud } = options;
  const settings = { ...draft.settings, ...(cloud === undefined || draft.settings.orgUrl ? {} : { cloud }) };
  const session = connector.signIn(settings, user, connectOptions);
  const who = accountNameOf(
    await signIn(terminal, session, options.device === true).catch(rethrowWithAdvice),
  );
  if (draft.settings.orgUrl !== undefined) return who;
  try {
    const picked = await pickOrganization(
      terminal,
      await connector.organizations(settings, user, connectOptions),
    );
    return { ...who, orgUrl: picked.url };
  } catch (error) {
    await session.forget();
    throw error;
  }
}

function accountNameOf({ userName, name }: Account): { readonly account?: string } {
  const account = userName ?? name;
  return account === undefined ? {} : { account };
}

/** Whoever mistyped the address has no sign-in yet that could ask for the right one. */
function rethrowWithAdvice(error: unknown): never {
  const elsewhere = error instanceof ConnectorError && ['NETWORK', 'ORG_MISMATCH'].includes(error.code);
  if (!elsewhere) throw error;
  throw error.withDetails({
    advice: `${error.advice} Without --org, d365 connect shows those you may enter.`,
  });
}
