import { parseDurationMs } from '../read/parse-duration.ts';
import type { ValidFile } from '../read/read-files.ts';
import type { SourceNode } from '../read/source-node.ts';
import type { ConnectorYaml, ExtensionYaml } from '../read/yaml-types.ts';
import { type ConnectorHeader, compileConnector } from './compile-connector.ts';
import type { CompileContext } from './compile-context.ts';

/**
 * Merges the connector headers of all packages: identity of the connector itself; connection, sign-in, address, retry
 * limits and errors of its base. Undefined if there are errors.
 */
export function mergeHeaders(
  files: readonly ValidFile[],
  context: CompileContext,
): ConnectorHeader | undefined {
  const roots = files.filter(({ node }) => yamlOf(node).extends === undefined);
  const top = files.at(-1);
  const [root, other] = roots;
  if (root === undefined || top === undefined) return undefined;
  if (other !== undefined) {
    const message = `${root.layer.connector} and ${other.layer.connector} both have a sign-in and an address`;
    top.node.at('extends').error('E111', message, { fix: 'extend one of them' });
    return undefined;
  }
  const base = compileConnector(yamlOf(root.node), root.node, context);
  const extensions = files.filter(({ node }) => node !== root.node);
  return extensions.reduce<ConnectorHeader | undefined>(
    (header, file) => header && addExtension(header, file),
    base,
  );
}

function addExtension(header: ConnectorHeader, { node }: ValidFile): ConnectorHeader | undefined {
  const yaml = node.source.data as unknown as ExtensionYaml;
  const checks = [checkKeys(header, node), checkRetry(header, yaml, node), checkErrors(header, yaml, node)];
  if (checks.includes(false)) return undefined;
  const { id, version, title, description, retry, featured, errors = [] } = yaml;
  return {
    ...header,
    id,
    version,
    title,
    description,
    bases: [...(header.bases ?? []), { id: header.id, version: header.version }],
    retry: {
      maxAttempts: retry?.maxAttempts ?? header.retry.maxAttempts,
      budgetMs: retry?.budget === undefined ? header.retry.budgetMs : parseDurationMs(retry.budget),
    },
    featured: featured ?? header.featured,
    errors: [...header.errors, ...errors],
  };
}

/** The tokens of a connection go to the address of the base: an extension cannot change who gets them. */
function checkKeys(header: ConnectorHeader, node: SourceNode): boolean {
  const yaml = node.source.data as object;
  const changed = ['connection', 'auth', 'api'].filter((key) => Object.hasOwn(yaml, key));
  for (const key of changed)
    node
      .at(key)
      .error('E107', `an extension has the ${key} of ${header.id}`, { key: true, fix: 'remove it' });
  return changed.length === 0;
}

function checkRetry(header: ConnectorHeader, { retry }: ExtensionYaml, node: SourceNode): boolean {
  const { maxAttempts, budgetMs } = header.retry;
  const at = node.at('retry');
  const isMore = retry?.maxAttempts !== undefined && retry.maxAttempts > maxAttempts;
  const isLonger = retry?.budget !== undefined && parseDurationMs(retry.budget) > budgetMs;
  if (isMore)
    at.at('maxAttempts').error('E108', `${header.id} allows ${maxAttempts} attempts`, {
      fix: `write at most ${maxAttempts}, or remove it`,
    });
  if (isLonger)
    at.at('budget').error('E108', `${header.id} allows ${budgetMs / 1000} seconds`, {
      fix: `write at most ${budgetMs / 1000}s, or remove it`,
    });
  return !isMore && !isLonger;
}

function checkErrors(header: ConnectorHeader, { errors = [] }: ExtensionYaml, node: SourceNode): boolean {
  const known = errors.map(({ serverCode }) => header.errors.some((one) => one.serverCode === serverCode));
  for (const [index, isKnown] of known.entries()) {
    if (isKnown)
      node
        .at('errors', index, 'serverCode')
        .error('E117', `${header.id} already explains this error`, { fix: 'remove it' });
  }
  return !known.includes(true);
}

function yamlOf(node: SourceNode): ConnectorYaml {
  return node.source.data as unknown as ConnectorYaml;
}
