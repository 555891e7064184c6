import type { AddCommand } from './add-command.ts';

/** The commands that make, try and forget connections. */
export function registerConnectionCommands(addCommand: AddCommand): void {
  addCommand(
    'connect <name>',
    'sign in, keep it sealed under a name, and try it',
    () => import('./commands/connect.ts'),
  )
    .option('--client-id <guid>', 'the app registration; may be left out to sign in to <name> again')
    .option('--org <url>', 'environment URL (default: pick one of those you may enter)')
    .option('--tenant <id-or-domain>', 'needed with --app; otherwise found')
    .option('--cloud <name>', 'commercial, gcc, gcc-high, dod or china, where --org is left out')
    .option('--device', 'sign in on another device, with a code')
    .option('--app', 'as the app itself: no person signs in')
    .option('--secret-stdin', 'read the app’s secret from standard input (or set D365_CLIENT_SECRET)')
    .option('--certificate <file>', 'the app’s certificate, in PEM')
    .option('--key <file>', 'the certificate’s private key, in PEM (PKCS #8)')
    .option('--authority <url>', 'sign-in authority of a sandbox on this machine')
    .option('--discovery <url>', 'discovery service of a sandbox on this machine')
    .addHelpText('after', connectExamples);
  addCommand(
    'connections',
    'list what is saved on this machine',
    () => import('./commands/connections.ts'),
  ).addHelpText('after', '\nExample:\n  d365 connections --json');
  addCommand(
    'check-connection [name]',
    'try a connection; when it does not work, say why and who can mend it',
    () => import('./commands/check-connection.ts'),
  ).addHelpText('after', '\nExample:\n  d365 check-connection contoso');
  addCommand(
    'orgs [name]',
    'list the organizations that a signed-in user may enter',
    () => import('./commands/orgs.ts'),
  ).addHelpText('after', '\nExample:\n  d365 orgs contoso');
  addCommand(
    'disconnect <name>',
    'forget a connection, its tokens and its secrets',
    () => import('./commands/disconnect.ts'),
  ).addHelpText('after', '\nExample:\n  d365 disconnect contoso');
  addCommand(
    'rotate-keys',
    'put a new key on top of the vault’s, and seal everything again',
    () => import('./commands/rotate-keys.ts'),
  ).addHelpText('after', '\nExample:\n  d365 rotate-keys');
}

const connectExamples = `
Examples:
  d365 connect contoso --org https://contoso.crm.dynamics.com --client-id <guid>
  d365 connect contoso --client-id <guid>          pick one of the organizations you may enter
  d365 connect contoso                             sign in again
  d365 connect contoso --org ... --client-id <guid> --device
  d365 connect nightly --org ... --client-id <guid> --app --tenant contoso.com --secret-stdin < secret.txt
  d365 connect nightly --org ... --client-id <guid> --app --tenant contoso.com --certificate app.pem --key app.key`;
