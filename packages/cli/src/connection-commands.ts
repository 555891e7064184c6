import { Option } from 'commander';
import type { AddCommand } from './add-command.ts';

/** Registers the commands that create, list, check and remove connections. */
export function registerConnectionCommands(addCommand: AddCommand): void {
  registerConnect(addCommand);
  addCommand(
    'connections',
    'list the connections that are saved on this machine',
    () => import('./commands/connections.ts'),
    { readsManifest: false },
  ).addHelpText('after', '\nExample:\n  d365 connections --json');
  addCommand(
    'use <name>',
    'choose the connection of commands without --connection',
    () => import('./commands/use.ts'),
    { readsManifest: false },
  ).addHelpText('after', '\nExample:\n  d365 use contoso');
  addCommand(
    'check-connection [name]',
    'check a connection; if it fails, print the cause and the next step',
    () => import('./commands/check-connection.ts'),
  ).addHelpText('after', '\nExample:\n  d365 check-connection contoso');
  addCommand(
    'check-assumptions [name]',
    'find out how an organization behaves where no documentation says it',
    () => import('./commands/check-assumptions.ts'),
  )
    .option('--write', 'also try what needs new rows; they are deleted again')
    .addHelpText('after', '\nExample:\n  d365 check-assumptions contoso --json > record.json');
  registerRole(addCommand);
  addCommand(
    'orgs [name]',
    'list the organizations that a signed-in user can access',
    () => import('./commands/orgs.ts'),
  ).addHelpText('after', '\nExample:\n  d365 orgs contoso');
  addCommand(
    'disconnect <name>',
    'remove a connection with its tokens and secrets',
    () => import('./commands/disconnect.ts'),
    { readsManifest: false },
  ).addHelpText('after', '\nExample:\n  d365 disconnect contoso');
  addCommand(
    'rotate-keys',
    'add a new vault key and encrypt all stored secrets with it',
    () => import('./commands/rotate-keys.ts'),
    { readsManifest: false },
  ).addHelpText('after', '\nExample:\n  d365 rotate-keys');
}

function registerRole(addCommand: AddCommand): void {
  addCommand(
    'role [operations...]',
    'compute the security role that actions and triggers need; compare it with a connection, or create it',
    () => import('./commands/role.ts'),
  )
    .option('--table <names>', 'tables of operations on any table, with commas between them')
    .option('--inputs <names>', 'the inputs that your calls give; what only others need is left out')
    .addOption(
      new Option('--depth <level>', 'access level of the role')
        .choices(['Basic', 'Local', 'Deep', 'Global'])
        .default('Global'),
    )
    .option(
      '--compare',
      'compare it with what the user of the connection has; exit with 1 if a line is missing',
    )
    .option('--create <name>', 'create it as a security role of the organization')
    .option('--replace', 'with --create: give an existing role of this name exactly these privileges')
    .option('--connection <name>', 'a connection that `d365 connect` saved (default: the only one)')
    .addHelpText('after', roleExamples);
}

const roleExamples = `
Without operations, the role is that of all actions and triggers.
Examples:
  d365 role case.create case.resolve case.created
  d365 role case.create --inputs title,customer
  d365 role record.create record.deleted --table new_ticket
  d365 role case.* --compare --connection nightly
  d365 role case.create case.resolve --create "Case intake"`;

function registerConnect(addCommand: AddCommand): void {
  addCommand(
    'connect <name>',
    'sign in, save the connection encrypted under a name, and check it',
    () => import('./commands/connect.ts'),
  )
    .option('--client-id <guid>', 'client ID of the app registration; optional to sign in to <name> again')
    .option('--org <url>', 'environment URL (default: choose from the organizations that you can access)')
    .option('--tenant <id-or-domain>', 'tenant; required with --app')
    .option('--cloud <name>', 'commercial, gcc, gcc-high, dod or china; only without --org')
    .option('--device', 'sign in on another device with a code')
    .option('--app', 'sign in as the app, without a user')
    .option(
      '--identity <kind>',
      'sign in without a secret: managed (Azure) or workload (AKS, GitHub, Azure Pipelines)',
    )
    .option('--secret-stdin', 'read the client secret from standard input (or set D365_CLIENT_SECRET)')
    .option(
      '--secret-from <address>',
      'read the client secret from Key Vault, HashiCorp Vault or AWS at each sign-in',
    )
    .option('--certificate <file>', 'certificate of the app, PEM')
    .option('--key <file>', 'private key of the certificate, PEM (PKCS #8)')
    .option('--authority <url>', 'authority of a sandbox on this machine')
    .option('--discovery <url>', 'discovery service of a sandbox on this machine')
    .addHelpText('after', connectExamples);
}

const connectExamples = `
Examples:
  d365 connect contoso --org https://contoso.crm.dynamics.com --client-id <guid>
  d365 connect contoso --client-id <guid>          choose from the organizations that you can access
  d365 connect contoso                             sign in again
  d365 connect contoso --org ... --client-id <guid> --device
  d365 connect nightly --org ... --client-id <guid> --app --tenant contoso.com --secret-stdin < secret.txt
  d365 connect nightly --org ... --client-id <guid> --app --tenant contoso.com --certificate app.pem --key app.key`;
