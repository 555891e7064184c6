import { ConnectorError } from '../../errors/connector-error.ts';
import { suggest } from '../../errors/suggest.ts';
import { compileManifest, readSources } from '../../manifest/compile-manifest.ts';
import type { ManifestPackage } from '../../manifest/read/manifest-package.ts';
import type { MergedTable } from '../../manifest/read/merge-tables.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { lowerFirst } from '../../model/lower-first.ts';
import { createValidator } from '../../validation/validator.ts';
import { isPrefixed, tableNames } from '../learn/names.ts';

/** What can be written into a manifest. */
export type ScaffoldKind = 'action' | 'trigger' | 'table';

/** A new file; it is not to be written if a diagnostic is an error. */
export interface ScaffoldedFile {
  /** Its path in the folder of the manifest. */
  readonly file: string;
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * A valid file to start from: an action or a trigger with a contract test, or a table. Pure: nothing is written.
 *
 * @param name of an action or trigger its id, `case.escalate`; of a table our name or Dataverse's, `new_ticket`
 * @throws INPUT_INVALID if it cannot have this name
 */
export function scaffoldFile(
  packages: readonly ManifestPackage[],
  kind: ScaffoldKind,
  name: string,
): ScaffoldedFile {
  const validator = createValidator();
  const { tables } = readSources(packages, validator);
  const { file, text } = kind === 'table' ? tableFile(name, tables) : operationFile(kind, name, tables);
  const own = packages.at(-1);
  if (own?.files.has(file))
    throw new ConnectorError('INPUT_INVALID', `There is a file ${file} already.`, {
      advice: 'Change that file, or use another name.',
    });
  const files = new Map([...(own?.files ?? []), [file, text] as const]);
  const changed = packages.map((one) => (one === own ? { ...one, files } : one));
  return { file, text, diagnostics: compileManifest(changed, validator).diagnostics };
}

const schemas = 'node_modules/dynamics365-connector/schemas/manifest';

function tableFile(given: string, tables: readonly MergedTable[]): Pick<ScaffoldedFile, 'file' | 'text'> {
  const ours = tables.find(({ name, yaml }) => name === given || yaml['x-table'].name === given);
  if (ours !== undefined)
    throw new ConnectorError('INPUT_INVALID', `The table "${ours.name}" is in the manifest already.`, {
      advice: `\`d365 learn ${ours.name}\` adds the columns of your organization to it.`,
    });
  if (!/^[a-z][a-z0-9_-]{0,63}$/.test(given))
    throw invalidName(given, 'Use its logical name in Dataverse: new_ticket.');
  const logicalName = isPrefixed(given) ? given : `new_${given.replaceAll('-', '')}`;
  const [name = given] = tableNames({ name: logicalName, title: given.replaceAll('-', ' ') });
  const title = toTitle(name.split('-'));
  return {
    file: `schemas/tables/${name}.yaml`,
    text: `# yaml-language-server: $schema=../../${schemas}/table.schema.json
# Dataverse's names of the table and its columns: correct them, or let \`d365 learn ${logicalName}\` write this file.
x-table: { name: ${logicalName}, entitySet: ${logicalName}s, key: ${logicalName}id, primaryName: ${prefixOf(logicalName)}name, plural: ${title}s }
title: ${title}
description: The table ${logicalName} of the organization.
required: [name]
operations: all
properties:
  id: { title: Id, type: string, format: uuid, x-column: ${logicalName}id, readOnly: true }
  name: { title: Name, type: string, maxLength: 100, x-column: ${prefixOf(logicalName)}name, x-search: true }
  createdOn: { title: Created on, type: string, format: date-time, x-column: createdon, readOnly: true }
  modifiedOn: { title: Modified on, type: string, format: date-time, x-column: modifiedon, readOnly: true }
`,
  };
}

/** `new_ticket` -> `new_` */
function prefixOf(logicalName: string): string {
  return logicalName.slice(0, logicalName.indexOf('_') + 1);
}

function operationFile(
  kind: 'action' | 'trigger',
  id: string,
  tables: readonly MergedTable[],
): Pick<ScaffoldedFile, 'file' | 'text'> {
  const [tableName = '', verb = '', ...more] = id.split('.');
  const example = kind === 'action' ? 'case.escalate' : 'case.escalated';
  if (more.length > 0 || !/^[a-z][A-Za-z0-9]*(-[a-z0-9]+)*$/.test(verb))
    throw invalidName(id, `Use the name of a table and a word: ${example}.`);
  const table = tables.find(({ name }) => name === tableName);
  if (table === undefined) {
    const near = suggest(
      tableName,
      tables.map(({ name }) => name),
    );
    throw invalidName(
      id,
      `It begins with the name of a table: ${near.length > 0 ? near.join(' or ') : example}. \`d365 new table\` writes one.`,
    );
  }
  return {
    file: `${kind}s/${id}.yaml`,
    text: kind === 'action' ? actionText(table, verb) : triggerText(table, verb),
  };
}

const rowId = '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10';

/** An update of one column, or a read of a table without a text that can be written. */
function actionText(table: MergedTable, verb: string): string {
  const column = findText(table);
  return `# yaml-language-server: $schema=../${schemas}/action.schema.json
title: ${toTitle(verb.split('-'))} ${lowerFirst(table.yaml.title)}
${column === undefined ? readText(table) : updateText(table, column)}`;
}

function updateText({ name, yaml }: MergedTable, column: TextColumn): string {
  const { entitySet, key } = yaml['x-table'];
  return `description: Changes one ${lowerFirst(yaml.title)}.
input:
  required: [id, ${column.name}]
  properties:
    id: { $ref: ${name}#id }
    ${column.name}: { $ref: ${name}#${column.name} }
request:
  update: ${name}
  id: "{{input.id}}"
  values: { ${column.name}: "{{input.${column.name}}}" }
tests:
  - name: sends the id and the new value
    input: { id: ${rowId}, ${column.name}: x }
    sends: { method: PATCH, path: /${entitySet}(${rowId}), body: { ${column.wireName}: x } }
    receives: { status: 200, body: { ${key}: ${rowId}, ${column.wireName}: x } }
    returns: { id: ${rowId}, ${column.name}: x }
`;
}

function readText({ name, yaml }: MergedTable): string {
  const { entitySet, key } = yaml['x-table'];
  return `description: Reads one ${lowerFirst(yaml.title)}.
input:
  required: [id]
  properties:
    id: { $ref: ${name}#id }
request:
  get: ${name}
  id: "{{input.id}}"
tests:
  - name: sends the id
    input: { id: ${rowId} }
    sends: { method: GET, path: /${entitySet}(${rowId}) }
    receives: { status: 200, body: { ${key}: ${rowId} } }
    returns: { id: ${rowId} }
`;
}

interface TextColumn {
  readonly name: string;
  readonly wireName: string;
}

/** The first text that can be written, so that a sample value is valid. */
function findText({ columns }: MergedTable): TextColumn | undefined {
  const found = [...columns].find(
    ([, { yaml }]) =>
      yaml.type === 'string' &&
      yaml.readOnly !== true &&
      yaml['x-type'] === undefined &&
      yaml.format === undefined,
  );
  const wireName = found?.[1].yaml['x-column'];
  return found === undefined || wireName === undefined ? undefined : { name: found[0], wireName };
}

function triggerText({ name, yaml }: MergedTable, verb: string): string {
  return `# yaml-language-server: $schema=../${schemas}/trigger.schema.json
title: ${yaml.title} ${verb.replaceAll('-', ' ')}
description: Starts when a ${lowerFirst(yaml.title)} is created.
watch: { table: ${name}, changes: [created], every: 60s }
tests:
  - name: reports what was created since the first poll
    polls:
      - { at: "2026-01-15T09:00:00Z", rows: [], emits: [] }
      - at: "2026-01-15T09:01:00Z"
        rows: [{ id: ${rowId} }]
        emits: [{ change: created, row: { id: ${rowId} } }]
`;
}

function toTitle(words: readonly string[]): string {
  const text = words.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function invalidName(name: string, advice: string): ConnectorError {
  return new ConnectorError('INPUT_INVALID', `"${name}" cannot be the name.`, { advice });
}
