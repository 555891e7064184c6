import type { AddCommand } from './add-command.ts';

/** Registers `d365 serve` and `d365 keys`. */
export function registerServiceCommands(addCommand: AddCommand): void {
  const collect = (value: string, previous: readonly string[] = []) => [...previous, value];
  addCommand(
    'serve',
    'run the connector as a service: REST, Connect links, webhooks and MCP',
    () => import('./commands/serve.ts'),
  )
    .option('--port <number>', 'port (default: 9470; 0 chooses a free one)')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--url <url>', 'public address, if a proxy is in front: https://connect.example.com')
    .option('--config <file>', 'also run the subscriptions of a worker file')
    .option('--file <path>', 'SQLite file with the state of subscriptions')
    .option('--postgres <url>', 'keep the state of subscriptions in PostgreSQL')
    .option(
      '--allow-target <host>',
      'host, address or subnet for webhooks that is not public; repeatable',
      collect,
    )
    .option('--sandbox', 'with an organization on this machine, to try it out')
    .option('--log <level>', 'debug, info, warn or error (default: info)')
    .addHelpText('after', serveHelp);
  addCommand(
    'keys <action> [id]',
    'API keys of the service: create, list, revoke',
    () => import('./commands/keys.ts'),
    { readsManifest: false },
  )
    .option('--name <text>', 'create: who has the key')
    .option('--scopes <list>', 'create: scopes, separated by commas')
    .option('--connections <list>', 'create: names of connections, * matches any text (default: *)')
    .option('--return-origins <list>', 'create: sites to which a Connect link may return')
    .addHelpText('after', keysHelp);
}

const serveHelp = `
D365_CLIENT_ID and D365_CLIENT_SECRET: the app registration of Connect links. Its redirect URI is <url>/oauth/callback.
D365_POSTGRES: connections, keys and subscriptions in PostgreSQL, for several processes.
Examples:
  d365 serve --sandbox
  d365 serve --url https://connect.example.com --config worker.yaml`;

const keysHelp = `
Scopes: actions:read, actions:write, actions:destructive, triggers, connections, connect-sessions.
Examples:
  d365 keys create --name helpdesk --scopes actions:read,actions:write --connections contoso
  d365 keys revoke key_p1X9...`;
