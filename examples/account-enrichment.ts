/**
 * Account enrichment: companies and people of a CSV file become accounts and contacts. Known ones are updated, so
 * another run creates nothing.
 * Run it: node --conditions=development examples/account-enrichment.ts [--connection <name>] [--file <csv>]
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Client, JsonObject, Operations } from 'dynamics365-connector';
import { readCsv } from './support/csv.ts';
import { type ExampleContext, isMainModule, runExample } from './support/run-example.ts';
import { defineKeys } from './support/sandbox-setup.ts';

const sampleFile = join(import.meta.dirname, 'data/companies.csv');

/** Upserts the companies of the file, then their people, who belong to the company with that number. */
export async function accountEnrichment(
  context: ExampleContext,
  { file = sampleFile }: { readonly file?: string } = {},
): Promise<void> {
  const { client } = context;
  await upsert(context, {
    table: 'account',
    column: 'number',
    keyColumn: 'accountnumber',
    rows: readCompanies(file),
    findId: (number) => findAccountId(client, number),
  });
  await upsert(context, {
    table: 'contact',
    column: 'email',
    keyColumn: 'emailaddress1',
    rows: readContacts(client, file),
    findId: async (email) => (await client.run('contact.list', { email, limit: 1 })).output[0]?.id,
  });
}

async function* readCompanies(file: string): AsyncGenerator<JsonObject> {
  for await (const { number = '', name = '', city = '', employees } of readCsv(file)) {
    yield { number, name, city, employees: Number(employees) };
  }
}

async function* readContacts(client: Client<Operations>, file: string): AsyncGenerator<JsonObject> {
  for await (const { number = '', contact = '', email = '' } of readCsv(file)) {
    const [firstName = '', ...rest] = contact.split(' ');
    const accountId = await findAccountId(client, number);
    const company = accountId === undefined ? null : { table: 'account', id: accountId };
    yield { email, firstName, lastName: rest.join(' '), company };
  }
}

async function findAccountId(client: Client<Operations>, number: string): Promise<string | undefined> {
  return (await client.run('account.list', { number, limit: 1 })).output[0]?.id;
}

interface UpsertJob {
  readonly table: string;
  /** The column that identifies a row, and its name in Dataverse. */
  readonly column: string;
  readonly keyColumn: string;
  readonly rows: AsyncIterable<JsonObject>;
  findId(value: string): Promise<string | undefined>;
}

/** Upserts by the alternate key on the column; where the organization has none, by the id of the row it finds. */
async function upsert({ client, print }: ExampleContext, job: UpsertJob): Promise<void> {
  const { table, column, keyColumn } = job;
  const keys = (await client.metadata.getTable(table))?.alternateKeys ?? [];
  const hasKey = keys.some((columns) => columns.length === 1 && columns[0] === keyColumn);
  if (!hasKey) print(`${table}: no alternate key on ${keyColumn}, so each row is looked up first (slower)`);
  const names: string[] = [];
  const named = { ...job, rows: rememberNames(job, names) };
  const target = hasKey ? { rows: named.rows, matchOn: [column] } : { rows: addIds(named), matchOn: ['id'] };

  let written = 0;
  for await (const { index, error } of client.writeMany({ verb: 'upsert', table, ...target })) {
    const name = `${table} ${names[index] ?? index + 1}`;
    if (error === undefined) written += 1;
    print(error === undefined ? `${name}: created or updated` : `${name}: ${error.message}`);
  }
  print(`${table}s: ${written} written`);
}

/** Passes the rows on, and keeps the value of each that identifies it, for the report. */
async function* rememberNames({ rows, column }: UpsertJob, names: string[]): AsyncGenerator<JsonObject> {
  for await (const row of rows) {
    names.push(String(row[column]));
    yield row;
  }
}

async function* addIds({ rows, column, findId }: UpsertJob): AsyncGenerator<JsonObject> {
  for await (const row of rows) yield { ...row, id: (await findId(String(row[column]))) ?? randomUUID() };
}

if (isMainModule(import.meta.filename)) {
  await runExample({
    about: 'Creates or updates accounts and contacts from a CSV file.',
    options: { file: 'CSV file with the columns of examples/data/companies.csv (the default).' },
    async run(context, options) {
      if (context.sandbox) defineKeys(context.sandbox);
      await accountEnrichment(context, options);
    },
  });
}
