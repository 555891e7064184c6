import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type CompileResult, compileManifest } from '../../../src/manifest/compile-manifest.ts';
import { collectPackages, type PackageReader } from '../../../src/manifest/read/collect-packages.ts';
import { singlePackage } from '../../../src/manifest/read/manifest-package.ts';
import type { ConnectorDefinition } from '../../../src/model/definition.ts';
import { createValidator } from '../../../src/validation/validator.ts';

/** The folder of this project. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The files of the real manifest. */
export function realFiles(): Map<string, string> {
  const files = ['actions', 'triggers', 'schemas/tables'].flatMap((folder) =>
    readdirSync(`${root}${folder}`)
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => `${folder}/${name}`),
  );
  return new Map(['connector.yaml', ...files].map((file) => [file, readFileSync(root + file, 'utf8')]));
}

/** A small valid manifest: one connector, one table, one action. */
export function smallFiles(changes: Readonly<Record<string, string>> = {}): Map<string, string> {
  const files = new Map([
    ['connector.yaml', connector],
    ['schemas/tables/case.yaml', table],
    ['actions/case.read.yaml', action],
  ]);
  for (const [file, text] of Object.entries(changes)) files.set(file, text);
  return files;
}

/** The text of a table file with an id, a name, and these further lines of YAML under `properties`. */
export function tableFile(
  title: string,
  { logicalName, primaryName }: { readonly logicalName: string; readonly primaryName: string },
  properties: string,
): string {
  return `x-table: { name: ${logicalName}, entitySet: ${logicalName}s, key: ${logicalName}id, primaryName: ${primaryName}, plural: ${title}s }
title: ${title}
description: One ${title.toLowerCase()}.
required: []
properties:
  id: { title: Id, type: string, format: uuid, x-column: ${logicalName}id, readOnly: true }
  name: { title: Name, type: string, maxLength: 100, x-column: ${primaryName} }
${properties}`;
}

const validator = createValidator();

/** Compiles files with one validator for all tests, so that the grammars are compiled once. */
export function compile(files: ReadonlyMap<string, string>): CompileResult {
  return compileManifest(singlePackage(files), validator);
}

let ofRealFiles: ConnectorDefinition | undefined;

/** The definition of the real manifest, which is frozen: compiled once for all tests of a process. */
export function realDefinition(): ConnectorDefinition {
  ofRealFiles ??= compile(realFiles()).definition;
  if (ofRealFiles === undefined) throw new Error('The manifest of the package has errors: d365 check');
  return ofRealFiles;
}

/** Compiles the connector in the folder `own`, which can extend those in the other folders: `../base`. */
export function compileFolders(
  folders: Readonly<Record<string, Readonly<Record<string, string>>>>,
): CompileResult {
  const reader: PackageReader = {
    find: (specifier) => {
      const folder = specifier.replace('../', '');
      return folders[folder]?.['connector.yaml'] === undefined ? undefined : folder;
    },
    read: (folder) => ({
      path: folder === 'own' ? '' : `../${folder}/`,
      files: new Map(Object.entries(folders[folder]!)),
      diagnostics: [],
    }),
  };
  const { packages, diagnostics } = collectPackages('own', reader);
  return diagnostics.length > 0 ? { diagnostics } : compileManifest(packages, validator);
}

/** Compiles the small manifest with these files added or replaced. */
export function compileSmall(changes: Readonly<Record<string, string>> = {}): CompileResult {
  return compile(smallFiles(changes));
}

const connector = `manifestVersion: 1
id: try-out
version: 1.0.0
title: Try-out
description: A connector to try things with.
connection:
  required: [orgUrl]
  properties:
    orgUrl: { type: string, format: dataverse-origin, maxLength: 200 }
auth: { type: oauth2, grants: { client_credentials: { scopes: ["{{connection.orgUrl}}/.default"] } } }
api: { baseUrl: "{{connection.orgUrl}}/api/data/v9.2", timeout: 60s }
retry: { maxAttempts: 4, budget: 90s }
`;

const table = `x-table: { name: incident, entitySet: incidents, key: incidentid, primaryName: title, plural: Cases }
title: Case
description: A customer's question.
required: [title]
properties:
  id: { title: Id, type: string, format: uuid, x-column: incidentid, readOnly: true }
  title: { title: Title, type: string, maxLength: 200, x-column: title }
  priority: { title: Priority, x-column: prioritycode, x-choices: { high: 1, normal: 2, low: 3 } }
  state: { title: State, x-column: statecode, x-choices: { active: 0, resolved: 1 }, readOnly: true, x-filter: true }
  parent:
    title: Parent case
    x-lookup: { column: parentcaseid, targets: { case: parentcaseid } }
    x-filter: true
  createdOn: { title: Created on, type: string, format: date-time, x-column: createdon, readOnly: true }
operations: all
`;

const action = `title: Read case
description: Reads a case.
input:
  required: [id]
  properties: { id: { $ref: "../schemas/tables/case.yaml#/properties/id" } }
request: { get: case, id: "{{input.id}}" }
tests:
  - { name: an id is needed, input: {}, fails: { code: INPUT_INVALID } }
`;
