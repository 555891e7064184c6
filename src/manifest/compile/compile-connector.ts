import type { ConnectorDefinition, GrantType } from '../../model/definition.ts';
import type { Template } from '../../model/template.ts';
import { parseDurationMs } from '../read/parse-duration.ts';
import type { SourceNode } from '../read/source-node.ts';
import type { ConnectorYaml } from '../read/yaml-types.ts';
import { allDefined } from './all-defined.ts';
import type { CompileContext } from './compile-context.ts';
import { compileInput } from './compile-input.ts';
import { compileTemplate } from './compile-template.ts';
import type { CompiledProperties } from './compiled-property.ts';
import type { PlaceholderScope } from './placeholder-scope.ts';

/** The connector header: a definition without its tables, actions and triggers. */
export type ConnectorHeader = Omit<ConnectorDefinition, 'tables' | 'actions' | 'triggers'>;

/** Compiles connector.yaml; undefined if it has errors. */
export function compileConnector(
  yaml: ConnectorYaml,
  node: SourceNode,
  context: CompileContext,
): ConnectorHeader | undefined {
  const { properties, schema } = compileInput(yaml.connection, new Map(), {
    node: node.at('connection'),
    context,
  });
  const scope: PlaceholderScope = { roots: { connection: properties }, used: new Set() };
  const baseUrl = compileAddress(yaml.api.baseUrl, properties, { node: node.at('api', 'baseUrl'), scope });
  const grants = compileGrants(yaml, properties, { node: node.at('auth', 'grants'), scope });
  if (baseUrl === undefined || grants === undefined) return undefined;
  const { manifestVersion, id, version, title, description } = yaml;
  return {
    manifestVersion,
    id,
    version,
    title,
    description,
    connection: { title: 'Connection', ...schema },
    grants,
    api: { baseUrl, timeoutMs: parseDurationMs(yaml.api.timeout) },
    retry: { maxAttempts: yaml.retry.maxAttempts, budgetMs: parseDurationMs(yaml.retry.budget) },
    featured: yaml.featured ?? [],
    errors: yaml.errors ?? [],
  };
}

interface AddressContext {
  readonly node: SourceNode;
  readonly scope: PlaceholderScope;
}

function compileGrants(
  { auth }: ConnectorYaml,
  properties: CompiledProperties,
  { node, scope }: AddressContext,
): ConnectorDefinition['grants'] | undefined {
  const grants = allDefined(
    Object.entries(auth.grants).map(([name, { scopes }]) => {
      const compiled = allDefined(
        scopes.map((text, index) =>
          compileAddress(text, properties, { node: node.at(name, 'scopes', index), scope }),
        ),
      );
      return compiled && ([name as GrantType, { scopes: compiled }] as const);
    }),
  );
  return grants && Object.fromEntries(grants);
}

/** Tokens are sent to these addresses, so the only placeholder in them is the validated origin, at the start. */
function compileAddress(
  text: string,
  properties: CompiledProperties,
  { node, scope }: AddressContext,
): Template | undefined {
  const template = compileTemplate(text, { locate: 'text', required: true }, { node, scope });
  const placeholders = template?.parts.filter((part) => typeof part === 'object') ?? [];
  const isOrigin = (name = '') => properties.known.get(name)?.input.format === 'dataverse-origin';
  const good = placeholders.every(
    (placeholder, index) =>
      index === 0 && template?.parts[0] === placeholder && isOrigin(placeholder.path[1]),
  );
  if (good) return template;
  node.error('T110', 'the only placeholder allowed here is the environment URL, at the start', {
    fix: 'begin with {{connection.orgUrl}}, a property of format dataverse-origin',
  });
  return undefined;
}
