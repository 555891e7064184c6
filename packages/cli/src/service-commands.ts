import type { Command } from 'commander';
import type { AddCommand } from './add-command.ts';
import { collectValue } from './collect-value.ts';

/** Registers `d365 serve`, `d365 console` and `d365 keys`. */
export function registerServiceCommands(addCommand: AddCommand): void {
  const serve = addCommand(
    'serve',
    'run the connector as a service: REST, Connect links, webhooks and MCP',
    () => import('./commands/serve.ts'),
  );
  addServiceOptions(serve, 9470)
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--url <url>', 'public address, if a proxy is in front: https://connect.example.com')
    .option('--console', 'also serve the pages of d365 console, and print the link that opens them')
    .addHelpText('after', serveHelp);
  const console = addCommand(
    'console',
    'open pages in the browser: connections, subscriptions, the sandbox and your own actions',
    () => import('./commands/console.ts'),
  );
  addServiceOptions(console, 9480)
    .option('--no-open', 'print the link, and do not open a browser')
    .addHelpText('after', consoleHelp);
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

/** The options of every command that runs the service. */
function addServiceOptions(command: Command, defaultPort: number): Command {
  return command
    .option('--port <number>', `port (default: ${defaultPort}; 0 chooses a free one)`)
    .option('--config <file>', 'also run the subscriptions of a worker file')
    .option('--mirror <file>', 'also run the mirror of a mirror.yaml')
    .option('--file <path>', 'SQLite file with the state of subscriptions')
    .option('--postgres <url>', 'keep the state of subscriptions in PostgreSQL')
    .option('--keep-delivered <time>', 'how long delivered events are listed: 12h, 7d (the default), 0s')
    .option('--keep-dead-letters <time>', 'how long dead letters are kept: 30d (default: until deleted)')
    .option(
      '--keep-answers <time>',
      'how long answers of writes with an Idempotency-Key are kept (default: 24h)',
    )
    .option(
      '--allow-target <host>',
      'host, address or subnet for webhooks that is not public; repeatable',
      collectValue,
    )
    .option('--sandbox', 'with an organization on this machine, to try it out')
    .option('--log <level>', 'debug, info, warn or error (default: info)');
}

const consoleHelp = `
The pages are on 127.0.0.1 and behind a link that works once. Press Enter for another link.
With --manifest, they edit, run and test the actions of a connector of your own.
Examples:
  d365 console --sandbox
  d365 console --sandbox --manifest ./my-connector`;

const serveHelp = `
D365_CLIENT_ID and D365_CLIENT_SECRET (or D365_CLIENT_SECRET_FROM): the app registration of Connect links. Its redirect URI is <url>/oauth/callback.
D365_POSTGRES: connections, keys and subscriptions in PostgreSQL, for several processes.
Examples:
  d365 serve --sandbox
  d365 serve --url https://connect.example.com --config worker.yaml`;

const keysHelp = `
Scopes: actions:read, actions:write, actions:destructive, triggers, connections, connect-sessions, metrics.
Examples:
  d365 keys create --name helpdesk --scopes actions:read,actions:write --connections contoso
  d365 keys revoke key_p1X9...`;
