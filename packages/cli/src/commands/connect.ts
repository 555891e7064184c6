import { type Account, type Connector, ConnectorError, loadConnector } from 'dynamics365-connector';
import { appOf, type Connections, openConnections, operatorOptions } from 'dynamics365-connector/node';
import { pickOrganisation } from '../pick-organisation.ts';
import { type ConnectInput, type Draft, draftConnection } from '../read-connection.ts';
import { signIn } from '../sign-in.ts';
import { checkAndTell } from './check-connection.ts';
import type { CommandContext } from './context.ts';

/**
 * `d365 connect <name>`: signs in, keeps the sign-in sealed under that name, and checks that it works. A sign-in
 * that fails changes nothing; a check that fails keeps what is saved, to be tried again when it is mended.
 */
export default async function connect(context: CommandContext<ConnectInput>) {
  const { terminal, args, options } = context;
  const name = args[0]!;
  const connections = await openConnections();
  try {
    const draft = await draftConnection(connections, name, options);
    const connector = await loadConnector({ folder: options.manifest, world: { store: connections.store } });
    const found = draft.kind === 'user' ? await enter(context, { draft, connector, connections }) : {};
    const { secrets, ...saved } = draft;
    const orgUrl = found.orgUrl ?? draft.settings.orgUrl!;
    const account = found.account === undefined ? {} : { account: found.account };
    await connections.save({ ...saved, ...account, settings: { ...draft.settings, orgUrl } }, secrets);
    return await checkAndTell(terminal, connections, name, options.manifest);
  } finally {
    connections.close();
  }
}

/** A user signs in, and picks an organisation where none was named. */
async function enter(
  { terminal, options }: CommandContext<ConnectInput>,
  {
    draft,
    connector,
    connections,
  }: { readonly draft: Draft; readonly connector: Connector; readonly connections: Connections },
): Promise<{ readonly account?: string; readonly orgUrl?: string }> {
  const user = { app: appOf(draft, draft.secrets), vault: connections.vault, connection: draft.name };
  const operator = operatorOptions(draft);
  const { cloud } = options;
  const place = { ...draft.settings, ...(cloud === undefined || draft.settings.orgUrl ? {} : { cloud }) };
  const session = connector.signIn(place, user, operator);
  const who = nameOf(await signIn(terminal, session, options.device === true).catch(rethrowWithWayOut));
  if (draft.settings.orgUrl !== undefined) return who;
  try {
    const picked = await pickOrganisation(terminal, await connector.organisations(place, user, operator));
    return { ...who, orgUrl: picked.url };
  } catch (error) {
    await session.forget();
    throw error;
  }
}

function nameOf({ userName, name }: Account): { readonly account?: string } {
  const account = userName ?? name;
  return account === undefined ? {} : { account };
}

/** Whoever mistyped the address has no sign-in yet that could ask for the right one. */
function rethrowWithWayOut(error: unknown): never {
  const elsewhere = error instanceof ConnectorError && ['NETWORK', 'ORG_MISMATCH'].includes(error.code);
  if (!elsewhere) throw error;
  throw error.with({ advice: `${error.advice} Without --org, d365 connect shows those you may enter.` });
}
