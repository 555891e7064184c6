import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { MetadataSource } from 'dynamics365-connector';
import {
  type LearnedChange,
  learnedFile,
  learnTables,
  listTablesToLearn,
  printDiagnostics,
} from 'dynamics365-connector/authoring';
import { readManifest, replaceFileText } from 'dynamics365-connector/node';
import { openClient } from '../open-client.ts';
import { readSnapshotFile } from '../read-snapshot-file.ts';
import { readTables } from '../read-tables.ts';
import { requireManifest } from '../require-manifest.ts';
import type { Terminal } from '../terminal.ts';
import type { CommandContext } from './command-context.ts';

/**
 * `d365 learn [tables]`: writes or updates table files of a manifest from the tables of an organization. Nothing is written
 * if the manifest has errors, or would have them. Exit code 1 then.
 */
export default async function learn({
  terminal,
  args,
  options,
}: CommandContext<{ readonly metadata?: string }>): Promise<number> {
  const folder = requireManifest(options, '`d365 learn`');
  const source = await openSource(options);
  const [{ packages, diagnostics: incomplete }, record] = await Promise.all([
    readManifest(folder),
    readRecord(folder),
  ]);
  if (incomplete.length > 0) return refuse(terminal, incomplete);
  const summaries = await source.listTables();
  const names = listTablesToLearn({ packages, summaries, record }, args);
  const { tables: found } = await terminal.withSpinner('metadata', (update) =>
    readTables(source, names, update),
  );
  // A table that joins two others has no name column; it is learned only if it is named.
  const tables = found.filter(({ primaryName }) => args.length > 0 || primaryName !== undefined);
  const { files, changes, diagnostics } = learnTables({ packages, tables, summaries, record });
  if (changes.length === 0 && diagnostics.length > 0) return refuse(terminal, diagnostics);
  for (const [file, text] of files) await writeOrRemove(join(folder, file), text);
  if (terminal.json) terminal.printJson(changes);
  else printChanges(terminal, changes);
  return 0;
}

async function openSource(
  options: CommandContext<{ metadata?: string }>['options'],
): Promise<MetadataSource> {
  return options.metadata === undefined
    ? (await openClient(options)).client.metadata
    : await readSnapshotFile(options.metadata);
}

async function readRecord(folder: string): Promise<string | undefined> {
  return await readFile(join(folder, learnedFile), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

async function writeOrRemove(path: string, text: string | undefined): Promise<void> {
  if (text === undefined) return await rm(path);
  await mkdir(dirname(path), { recursive: true });
  await replaceFileText(path, text);
}

function refuse(terminal: Terminal, diagnostics: Parameters<typeof printDiagnostics>[0]): number {
  terminal.print(printDiagnostics(diagnostics, terminal.json ? 'json' : 'text'));
  terminal.printNote('nothing was written');
  return 1;
}

function printChanges(terminal: Terminal, changes: readonly LearnedChange[]): void {
  for (const change of changes) {
    const lines = describeChange(change);
    if (lines.length === 0) continue;
    terminal.print(`${terminal.style('bold', change.file)}${change.isNew ? '  new' : ''}`);
    for (const line of lines) terminal.print(`  ${line}`);
  }
  const touched = changes.filter(
    ({ added, changed, removed }) => [added, changed, removed].flat().length > 0,
  );
  terminal.printNote(`tables read: ${changes.length}, files written: ${touched.length}`);
}

function describeChange({ isNew, added, changed, removed, kept, leftOut }: LearnedChange): readonly string[] {
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['added', isNew && added.length > 8 ? [`${added.length} columns`] : added],
    ['changed', changed],
    ['removed', removed],
    ['kept as you wrote it', isNew ? [] : kept],
    ['left out, of a type that a table file cannot have or with unknown tables', leftOut],
  ];
  return parts.flatMap(([what, names]) => (names.length === 0 ? [] : [`${what}: ${names.join(', ')}`]));
}
