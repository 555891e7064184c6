import type { Attribute, ChoiceOption } from '../../../packages/sandbox/src/model/types.ts';
import type { HttpResponse } from '../../../src/index.ts';
import type { KnownIssueFixture } from '../known-issues/fixture.ts';

/** A custom column; everything but name and type has a default. */
export function column(
  logicalName: string,
  type: Attribute['type'],
  more: Partial<Attribute> = {},
): Attribute {
  return {
    ...{ logicalName, schemaName: logicalName, displayName: logicalName, type },
    ...{ required: 'None', validForCreate: true, validForUpdate: true, custom: true },
    ...more,
  };
}

/** Choices numbered from 100000000. */
export function options(...labels: readonly string[]): readonly ChoiceOption[] {
  return labels.map((label, at) => ({ value: 100_000_000 + at, label }));
}

/** Adds a table with the primary name `new_name` and these columns. */
export function addTable(
  { organization }: KnownIssueFixture,
  logicalName: string,
  ...columns: readonly Attribute[]
): void {
  organization.store.addTable({ logicalName, primaryName: 'new_name', attributes: columns });
}

/** Adds a value to a choice column of a standard table. */
export function addChoice(
  { organization }: KnownIssueFixture,
  table: string,
  name: string,
  choice: ChoiceOption,
): void {
  const { model, schema } = organization.store;
  const known = model.table(table)?.attributes.find(({ logicalName }) => logicalName === name);
  if (known !== undefined)
    schema.updateColumn(table, { ...known, options: [...(known.options ?? []), choice] });
}

/** The same response with another text. */
export async function replaceBody(
  response: HttpResponse,
  replace: (text: string) => string,
): Promise<HttpResponse> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  const { 'content-length': _, ...headers } = response.headers;
  const bytes = Buffer.from(replace(Buffer.concat(chunks).toString()));
  const body = async function* () {
    yield bytes;
  };
  return { ...response, headers, body: body() };
}
