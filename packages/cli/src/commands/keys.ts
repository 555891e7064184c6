import { ConnectorError } from 'dynamics365-connector';
import { suggest } from 'dynamics365-connector/host';
import { openConnectionStore, systemClock } from 'dynamics365-connector/node';
import { type ApiKeys, isScope, openApiKeys, type Scope, scopes } from 'dynamics365-connector-service';
import { printTable } from '../print-table.ts';
import type { CommandContext } from './command-context.ts';

interface KeysOptions {
  readonly name?: string;
  readonly scopes?: string;
  readonly connections?: string;
  readonly returnOrigins?: string;
}

type KeysContext = CommandContext<KeysOptions>;

/** `d365 keys`: creates, lists and revokes the API keys of the service. */
export default async function keys(context: KeysContext): Promise<number> {
  const [action = ''] = context.args;
  const run = actions[action];
  if (run === undefined)
    throw new ConnectorError('SETTING_INVALID', `d365 keys has no action "${action}".`, {
      advice: 'The actions are create, list and revoke.',
    });
  const connections = await openConnectionStore();
  try {
    return await run(openApiKeys(connections.store, systemClock), context);
  } finally {
    connections.close();
  }
}

const actions: Readonly<Record<string, (apiKeys: ApiKeys, context: KeysContext) => Promise<number>>> = {
  create: createKey,
  list: listKeys,
  revoke: revokeKey,
};

async function createKey(apiKeys: ApiKeys, { terminal, options }: KeysContext): Promise<number> {
  const { name = 'unnamed', connections, returnOrigins } = options;
  const { key, stored } = await apiKeys.create({
    name,
    scopes: parseScopes(options.scopes),
    connections: splitList(connections),
    returnOrigins: splitList(returnOrigins)?.map(parseOrigin),
  });
  if (terminal.json) terminal.print(JSON.stringify({ key, ...stored }));
  else {
    terminal.print(key);
    terminal.printNote(`${stored.id}: ${stored.scopes.join(', ')}. The key is not shown again.`);
  }
  return 0;
}

async function listKeys(apiKeys: ApiKeys, { terminal }: KeysContext): Promise<number> {
  const all = await apiKeys.list();
  if (terminal.json) terminal.print(JSON.stringify(all));
  else {
    const headings = ['id', 'name', 'created', 'connections', 'scopes'];
    const rows = all.map((stored) => [
      ...[stored.id, stored.name, stored.createdAt.slice(0, 10)],
      ...[stored.connections.join(', '), stored.scopes.join(', ')],
    ]);
    printTable(terminal, headings, rows);
  }
  return 0;
}

async function revokeKey(apiKeys: ApiKeys, { terminal, args }: KeysContext): Promise<number> {
  const [, id = ''] = args;
  if (!(await apiKeys.revoke(id)))
    throw new ConnectorError('SETTING_INVALID', `There is no key "${id}".`, {
      advice: 'See `d365 keys list`.',
    });
  terminal.printNote(`${id} is revoked.`);
  return 0;
}

function parseScopes(text: string | undefined): readonly Scope[] {
  const names = splitList(text) ?? [];
  const wrong = names.find((name) => !isScope(name));
  if (names.length > 0 && wrong === undefined) return names.filter(isScope);
  const message = wrong === undefined ? 'A key needs --scopes.' : `There is no scope "${wrong}".`;
  throw new ConnectorError('SETTING_INVALID', message, {
    suggestions: suggest(wrong ?? '', scopes),
    advice: `The scopes are ${scopes.join(', ')}.`,
  });
}

function splitList(text: string | undefined): readonly string[] | undefined {
  return text
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function parseOrigin(text: string): string {
  if (URL.canParse(text) && new URL(text).origin === text) return text;
  throw new ConnectorError('SETTING_INVALID', `"${text}" is not an origin such as https://app.example.com.`);
}
