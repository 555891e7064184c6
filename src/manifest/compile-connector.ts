import type { Definition, GrantName } from '../model/definition.ts';
import type { Template } from '../model/template.ts';
import { compileInput } from './compile-input.ts';
import { complete } from './complete.ts';
import { durationMs } from './duration.ts';
import { compileTemplate } from './holes.ts';
import type { Properties } from './property.ts';
import type { Scope } from './scope.ts';
import type { ConnectorYaml } from './shapes.ts';
import type { Site } from './site.ts';
import type { Workshop } from './workshop.ts';

/** The title page of a definition: all but tables, actions and triggers. */
export type TitlePage = Omit<Definition, 'tables' | 'actions' | 'triggers'>;

/** Compiles connector.yaml; undefined after a fault. */
export function compileConnector(yaml: ConnectorYaml, site: Site, shop: Workshop): TitlePage | undefined {
  const { properties, schema } = compileInput(yaml.connection, new Map(), {
    site: site.at('connection'),
    shop,
  });
  const scope: Scope = { roots: { connection: properties }, used: new Set() };
  const baseUrl = compileAddress(yaml.api.baseUrl, properties, { site: site.at('api', 'baseUrl'), scope });
  const grants = compileGrants(yaml, properties, { site: site.at('auth', 'grants'), scope });
  if (baseUrl === undefined || grants === undefined) return undefined;
  const { dsl, id, version, title, description } = yaml;
  return {
    dsl,
    id,
    version,
    title,
    description,
    connection: { title: 'Connection', ...schema },
    grants,
    api: { baseUrl, timeoutMs: durationMs(yaml.api.timeout) },
    retry: { attempts: yaml.retry.attempts, budgetMs: durationMs(yaml.retry.budget) },
    everyday: yaml.everyday ?? [],
    errors: yaml.errors ?? [],
  };
}

interface Place {
  readonly site: Site;
  readonly scope: Scope;
}

function compileGrants(
  { auth }: ConnectorYaml,
  properties: Properties,
  { site, scope }: Place,
): Definition['grants'] | undefined {
  const grants = complete(
    Object.entries(auth.grants).map(([name, { scopes }]) => {
      const compiled = complete(
        scopes.map((text, index) =>
          compileAddress(text, properties, { site: site.at(name, 'scopes', index), scope }),
        ),
      );
      return compiled && ([name as GrantName, { scopes: compiled }] as const);
    }),
  );
  return grants && Object.fromEntries(grants);
}

/** A token goes where these texts say, so a hole in them is the checked origin, at the very start. */
function compileAddress(text: string, properties: Properties, { site, scope }: Place): Template | undefined {
  const template = compileTemplate(text, { locate: 'text', needed: true }, { site, scope });
  const slots = template?.parts.filter((part) => typeof part === 'object') ?? [];
  const isOrigin = (name = '') => properties.known.get(name)?.input.format === 'dataverse-origin';
  const good = slots.every(
    (slot, index) => index === 0 && template?.parts[0] === slot && isOrigin(slot.path[1]),
  );
  if (good) return template;
  site.error('T110', 'the only hole here is the environment’s address, at the start', {
    fix: 'begin with {{connection.orgUrl}}, a property of format dataverse-origin',
  });
  return undefined;
}
