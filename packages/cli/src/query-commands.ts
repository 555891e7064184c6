import type { AddCommand } from './add-command.ts';

/** The commands that ask and know the organization's own tables. */
export function registerQueryCommands(addCommand: AddCommand): void {
  const connection = 'a connection made with `d365 connect` (default: the only one)';
  addCommand(
    'query <table>',
    'check a query against the organization, print it corrected, and run it',
    () => import('./commands/query.ts'),
  )
    .option('--filter <text>', 'condition: "statecode eq 0 and contains(title,\'printer\')"')
    .option('--select <columns>', 'columns, separated by commas')
    .option('--orderby <columns>', 'columns to order by: "createdon desc"')
    .option('--expand <text>', 'related rows: "primarycontactid($select=fullname)"')
    .option('--top <number>', 'how many rows (default: 50)')
    .option('--fetchxml <xml>', 'FetchXML instead, or @file.xml')
    .option('--check', 'only check, do not run')
    .option('--metadata <file>', 'check against a snapshot, without network; implies --check')
    .option('--connection <name>', connection)
    .addHelpText(
      'after',
      '\nExample:\n  d365 query incidents --filter "ownerid eq 1f3d0c7a-5b1e-4c39-9d55-0a3c1c5d7e90 and prioritycode eq High"',
    );
  addCommand(
    'metadata <pull> [tables...]',
    'save tables of the organization as a snapshot for checks without network',
    () => import('./commands/metadata-pull.ts'),
  )
    .option('--all', 'every table, not only those of the manifest')
    .option('--out <file>', 'where to write it', 'metadata.jsonl')
    .option('--connection <name>', connection)
    .addHelpText('after', '\nExample:\n  d365 metadata pull new_machine new_visit --out contoso.jsonl');
  addCommand(
    'types',
    'write TypeScript types of actions, triggers and tables',
    () => import('./commands/types.ts'),
  )
    .option('--metadata <file>', 'a snapshot: rows of its tables too, custom columns included')
    .option('--out <file>', 'where to write them (default: standard output)')
    .addHelpText('after', '\nExample:\n  d365 types --metadata contoso.jsonl --out src/operations.ts');
}
