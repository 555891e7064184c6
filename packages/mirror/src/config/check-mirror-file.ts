import type { ConnectorDefinition, Diagnostic } from 'dynamics365-connector';
import { readSource, type SourceNode } from 'dynamics365-connector/authoring';
import { findTableByName, type Validator } from 'dynamics365-connector/host';
import { type MirrorFile, targetKinds } from './mirror-file.ts';

/** What the references of a mirror file are checked against. */
export interface MirrorFileContext {
  readonly definition: ConnectorDefinition;
  readonly validator: Validator;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The result of a check: the content if there are no diagnostics. */
export interface CheckedMirrorFile {
  readonly settings?: MirrorFile;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Checks a mirror file and returns all diagnostics. YAML and structure have the codes of the manifest, references their
 * own: R101 target, R102 environment variable, R103 one table under two names. Names of tables and columns are checked
 * with the organization.
 */
export function checkMirrorFile(file: string, text: string, context: MirrorFileContext): CheckedMirrorFile {
  const found = new Map<string, Diagnostic>();
  const root = readSource('mirror', file, text, { validator: context.validator, diagnostics: found });
  const settings = root?.source.data as MirrorFile | undefined;
  if (root?.source.broken.length === 0 && settings !== undefined) {
    checkTarget(root.at('target'), settings, context);
    checkConnection(root.at('connection'), settings, context);
    checkTables(root.at('tables'), settings, context);
  }
  return found.size > 0 ? { diagnostics: [...found.values()] } : { settings, diagnostics: [] };
}

function checkTarget(node: SourceNode, { target }: MirrorFile, { env }: MirrorFileContext): void {
  const kinds = targetKinds.filter((kind) => target[kind] !== undefined);
  if (kinds.length !== 1) {
    const message =
      kinds.length === 0 ? 'there is no target' : `there are several targets: ${kinds.join(', ')}`;
    node.error('R101', message, { fix: `use one of ${targetKinds.join(', ')}` });
  }
  if (target.schema !== undefined && target.postgres === undefined)
    node.at('schema').error('R101', 'only PostgreSQL has schemas', { key: true, fix: 'remove this line' });
  const variable = target.postgres?.env;
  if (variable !== undefined && !env[variable]) {
    node.at('postgres', 'env').error('R102', `the variable ${variable} is not set`, {
      fix: `${variable}=postgres://user:password@host/database`,
    });
  }
}

function checkConnection(node: SourceNode, { connection }: MirrorFile, { env }: MirrorFileContext): void {
  if (!('env' in connection)) return;
  const variable = `${connection.env}_ORG_URL`;
  if (!env[variable]) node.at('env').error('R102', `the variable ${variable} is not set`);
}

function checkTables(node: SourceNode, { tables }: MirrorFile, { definition }: MirrorFileContext): void {
  const written = new Map<string, string>();
  for (const name of Object.keys(tables)) {
    const logicalName = findTableByName(definition.tables, name)?.logicalName ?? name;
    const first = written.get(logicalName);
    if (first !== undefined) {
      const message = `"${name}" and "${first}" are the same table`;
      node.at(name).error('R103', message, { key: true, fix: `remove one of them` });
    }
    written.set(logicalName, name);
  }
}
