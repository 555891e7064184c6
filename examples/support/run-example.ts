import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { type Client, ConnectorError, loadConnector, type Operations } from 'dynamics365-connector';
import { type Connection, createClient, openConnection, runtimeOf } from 'dynamics365-connector/host';
import { openConnectionStore } from 'dynamics365-connector/node';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';

/** What a program works with. */
export interface ExampleContext {
  readonly client: Client<Operations>;
  /** The connection of the client, for what copies whole tables. */
  readonly connection: Connection;
  /** The sandbox behind the client; absent when the client uses a saved connection. */
  readonly sandbox?: Sandbox;
  readonly print: (line: string) => void;
}

/** An example as a program. */
export interface ExampleProgram<Option extends string> {
  /** One line for `--help`. */
  readonly about: string;
  /** Options of this program besides `--connection`, each with its line for `--help`. */
  readonly options: Readonly<Record<Option, string>>;
  run(context: ExampleContext, options: { readonly [name in Option]?: string }): Promise<void>;
}

type OpenedClient = Omit<ExampleContext, 'print'> & { close(): Promise<void> | void };

/** Runs a program with the arguments of this process: on a new sandbox, or on the connection of `--connection`. */
export async function runExample<Option extends string>(program: ExampleProgram<Option>): Promise<void> {
  try {
    const { help, connection, ...options } = parseOptions(program.options);
    if (help !== undefined) return console.log(formatUsage(program));
    const opened = connection === undefined ? await openSandbox() : await openSavedConnection(connection);
    try {
      await program.run({ ...opened, print: console.log }, options);
    } finally {
      await opened.close();
    }
  } catch (error) {
    console.error(explainError(error));
    process.exitCode = 1;
  }
}

/** Starts a sandbox with sample data, and a client that signs in to it as its first user. */
export async function openSandbox(): Promise<OpenedClient & { readonly sandbox: Sandbox }> {
  const sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'sample' }] });
  const connector = await loadConnector();
  const connection = openConnection(
    runtimeOf(connector),
    { orgUrl: sandbox.organization.origin },
    { kind: 'host', getToken: () => ({ token: sandbox.issueToken() }) },
    { allowLoopback: true },
  );
  return { connection, client: toClient(connection), sandbox, close: () => sandbox.close() };
}

/** Opens a connection that `d365 connect` saved on this machine. */
async function openSavedConnection(name: string): Promise<OpenedClient> {
  const connections = await openConnectionStore();
  const connector = await loadConnector({ store: connections.store });
  const { saved, credential, options } = await connections.open(name);
  const connection = openConnection(runtimeOf(connector), saved.settings, credential, options);
  return { connection, client: toClient(connection), close: () => connections.close() };
}

/** A client with the types of our own operations. */
function toClient(connection: Connection): Client<Operations> {
  return createClient(connection) as Client<Operations>;
}

/** True when this file is the program that Node.js runs, and no test imports it. */
export function isMainModule(file: string): boolean {
  return process.argv[1] === file;
}

/** The values of the options by name; a program's own options are texts. */
function parseOptions(own: Readonly<Record<string, string>>) {
  const ownOptions = Object.keys(own).map((name) => [name, { type: 'string' } as const] as const);
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      connection: { type: 'string' },
      ...Object.fromEntries(ownOptions),
    },
  });
  return values;
}

function formatUsage({ about, options }: Pick<ExampleProgram<string>, 'about' | 'options'>): string {
  const lines = Object.entries({
    connection: 'Name of a connection that `d365 connect` saved. Without it: a sandbox with sample data.',
    ...options,
    help: 'Prints this text.',
  }).map(([name, text]) => `  --${name.padEnd(12)} ${text}`);
  const file = `examples/${basename(process.argv[1] ?? '')}`;
  return [about, '', `Usage: node --conditions=development ${file} [options]`, '', ...lines].join('\n');
}

/** What the user can act on: message and advice. Errors of a program itself keep their stack. */
function explainError(error: unknown): string {
  if (error instanceof ConnectorError) return `${error.code}: ${error.message} ${error.advice}`;
  if (!(error instanceof Error)) return String(error);
  const isArgument = 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  return isArgument ? `${error.message} (--help lists the options)` : String(error.stack);
}
