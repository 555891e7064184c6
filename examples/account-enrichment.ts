/**
 * Account enrichment: companies and people of a CSV file become accounts and contacts; those that are known are
 * updated, found by an alternate key. Running it again changes nothing.
 * Run it: node examples/account-enrichment.ts
 */
import { join } from 'node:path';
import type { Client, JsonObject } from 'dynamics365-connector';
import { readCsv } from './support/csv.ts';
import { type ExampleContext, isMainModule, runExample } from './support/run-example.ts';

const file = join(import.meta.dirname, 'data/companies.csv');

/** Upserts the companies of the file, then their people, who are linked to them by the company's number. */
export async function accountEnrichment(
  { client }: ExampleContext,
  print: (line: string) => void,
): Promise<void> {
  await upsert(client, { table: 'account', matchOn: ['number'], rows: readCompanies(), print });
  await upsert(client, { table: 'contact', matchOn: ['email'], rows: readContacts(client), print });
}

/** What a customiser does in the maker portal: alternate keys, by which rows are found. */
export function defineKeys({ sandbox }: ExampleContext): void {
  sandbox.organization.store.addKey('account', 'account_number', ['accountnumber']);
  sandbox.organization.store.addKey('contact', 'contact_email', ['emailaddress1']);
}

async function* readCompanies(): AsyncGenerator<JsonObject> {
  for await (const { number, name, city, employees } of readCsv(file))
    yield { number: number!, name: name!, city: city!, employees: Number(employees) };
}

async function* readContacts(client: Client): AsyncGenerator<JsonObject> {
  for await (const { number, contact, email } of readCsv(file)) {
    const account = (await client.run('account.get-by-key', { number: number! })).output as JsonObject;
    const [firstName, ...rest] = contact!.split(' ');
    const company = { table: 'account', id: account.id! };
    yield { email: email!, firstName: firstName!, lastName: rest.join(' '), company };
  }
}

interface UpsertJob {
  readonly table: string;
  readonly matchOn: readonly string[];
  readonly rows: AsyncIterable<JsonObject>;
  readonly print: (line: string) => void;
}

async function upsert(client: Client, { print, ...job }: UpsertJob): Promise<void> {
  let written = 0;
  for await (const { index, error } of client.writeMany({ verb: 'upsert', ...job })) {
    if (error === undefined) written += 1;
    else print(`${job.table} ${index + 1}: ${error.message}`);
  }
  print(`${job.table}s: ${written} written`);
}

if (isMainModule(import.meta.filename)) {
  await runExample(async (context, print) => {
    defineKeys(context);
    await accountEnrichment(context, print);
  });
}
