import type { AddCommand } from './add-command.ts';
import { connectionDescription } from './operation-commands.ts';

/** Registers the commands that work with the tables of an organization. */
export function registerQueryCommands(addCommand: AddCommand): void {
  registerQuery(addCommand);
  addCommand(
    'metadata <pull> [tables...]',
    'save tables of the organization as a snapshot, for checks without network',
    () => import('./commands/metadata-pull.ts'),
  )
    .option('--all', 'save every table, not only the tables of the manifest')
    .option('--out <file>', 'file to write', 'metadata.jsonl')
    .option('--connection <name>', connectionDescription)
    .addHelpText('after', '\nExample:\n  d365 metadata pull new_machine new_visit --out contoso.jsonl');
  addCommand(
    'types',
    'write TypeScript types of actions, triggers and tables',
    () => import('./commands/types.ts'),
  )
    .option('--metadata <file>', 'snapshot: adds the rows of its tables, with custom columns')
    .option('--out <file>', 'file to write (default: standard output)')
    .addHelpText('after', '\nExample:\n  d365 types --metadata contoso.jsonl --out src/operations.ts');
}

function registerQuery(addCommand: AddCommand): void {
  addCommand(
    'query <table>',
    'check a query against the organization, print its correction, and run it',
    () => import('./commands/query.ts'),
  )
    .option('--filter <text>', 'condition: "statecode eq 0 and contains(title,\'printer\')"')
    .option('--select <columns>', 'columns, separated by commas')
    .option('--orderby <columns>', 'columns to order by: "createdon desc"')
    .option('--expand <text>', 'related rows: "primarycontactid($select=fullname)"')
    .option('--top <number>', 'maximum number of rows (default: 50)')
    .option('--fetchxml <xml>', 'use FetchXML instead, or @file.xml')
    .option('--columns <names>', 'columns to print, separated by commas; --select reads only these')
    .option('--csv', 'print comma-separated values')
    .option('--verbose', 'print each request to standard error')
    .option('--check', 'check the query without running it')
    .option('--metadata <file>', 'check against a snapshot, without network; implies --check')
    .option('--connection <name>', connectionDescription)
    .addHelpText('after', queryExample);
}

const queryExample = `
Example:
  d365 query incidents --filter "ownerid eq 1f3d0c7a-5b1e-4c39-9d55-0a3c1c5d7e90 and prioritycode eq High"`;
