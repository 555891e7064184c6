import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConnectorError, type JsonObject } from 'dynamics365-connector';
import {
  learnedFile,
  learnTables,
  listTablesToLearn,
  type ScaffoldKind,
  scaffoldFile,
} from 'dynamics365-connector/authoring';
import { readManifest } from 'dynamics365-connector/node';
import type { AuthorFiles } from './author-files.ts';
import type { AuthorOptions, AuthorServices } from './author-options.ts';

const kinds: readonly string[] = ['action', 'trigger', 'table'] satisfies ScaffoldKind[];
const isKind = (kind: string): kind is ScaffoldKind => kinds.includes(kind);

/** Writes a valid file to start from. */
export async function createFile(
  { folder }: AuthorOptions,
  files: AuthorFiles,
  { kind, name }: { readonly kind: string; readonly name: string },
): Promise<JsonObject> {
  if (!isKind(kind))
    throw new ConnectorError('INPUT_INVALID', `There is no kind of file "${kind.slice(0, 50)}".`, {
      advice: `Use ${kinds.join(', ')}.`,
    });
  const { packages, diagnostics: incomplete } = await readManifest(folder);
  const { file, text, diagnostics } = scaffoldFile(packages, kind, name);
  assertValid([...incomplete, ...diagnostics]);
  return { ...(await files.create(file, text)) };
}

/** Writes or updates the file of a table from the metadata of an organization. */
export async function learnTable(
  { clients }: AuthorServices,
  { author: { folder }, files }: { readonly author: AuthorOptions; readonly files: AuthorFiles },
  { connection, table }: { readonly connection: string; readonly table: string },
): Promise<JsonObject> {
  const { metadata } = (await clients.open(connection)).client;
  const [{ packages, diagnostics: incomplete }, record, summaries] = await Promise.all([
    readManifest(folder),
    readRecord(folder),
    metadata.listTables(),
  ]);
  assertValid(incomplete);
  const names = listTablesToLearn({ packages, summaries, record }, [table]);
  const found = await Promise.all(names.map((name) => metadata.getTable(name)));
  const tables = found.filter((one) => one !== undefined);
  const { files: written, changes, diagnostics } = learnTables({ packages, tables, summaries, record });
  if (changes.length === 0) assertValid(diagnostics);
  for (const [file, text] of written) if (text !== undefined) await files.write(file, text);
  return { changes: changes as unknown as JsonObject[] };
}

async function readRecord(folder: string): Promise<string | undefined> {
  return await readFile(join(folder, learnedFile), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

function assertValid(diagnostics: Awaited<ReturnType<typeof readManifest>>['diagnostics']): void {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return;
  throw new ConnectorError('MANIFEST_INVALID', `Nothing was written: ${first.message}.`, {
    diagnostics: errors,
    advice: 'Correct the files of the folder first, or use another name.',
  });
}
