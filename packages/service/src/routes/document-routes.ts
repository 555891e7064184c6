import { type ConnectorDefinition, ConnectorError } from 'dynamics365-connector';
import { createIdMatcher, runtimeOf } from 'dynamics365-connector/host';
import { Hono } from 'hono';
import { readCustomColumns } from '../documents/custom-columns.ts';
import { createDocumentCache } from '../documents/document-cache.ts';
import type { DocumentScope } from '../documents/document-scope.ts';
import { toOpenApi } from '../documents/openapi.ts';
import { toSwagger } from '../documents/swagger.ts';
import {
  requireConnectionName,
  requireScope,
  type ServiceContext,
  type ServiceEnv,
} from '../request-context.ts';
import type { ServiceParts } from '../service-parts.ts';

const openApiType = 'application/openapi+json; version=3.1';

function sendOpenApi(context: ServiceContext, document: string): Response {
  return context.body(document, 200, { 'content-type': openApiType });
}

/** `/openapi.json`: the document of all operations, or of `?actions=case.*,contact.*`. */
export function createDocumentRoutes(parts: ServiceParts): Hono<ServiceEnv> {
  const documents = createDocumentCache();
  return new Hono<ServiceEnv>().get('/openapi.json', async (context) =>
    sendOpenApi(context, await documents.read(toOpenApi, readScope(parts, context))),
  );
}

/**
 * `openapi.json` and `swagger.json` of one connection: without a parameter for the connection, and with the columns of
 * the organization.
 */
export function createConnectionDocumentRoutes(parts: ServiceParts): Hono<ServiceEnv> {
  const scopeOf = async (context: ServiceContext): Promise<DocumentScope> => {
    requireScope(context, 'actions:read');
    const connection = requireConnectionName(context);
    const { client } = await parts.clients.open(connection);
    const scope = readScope(parts, context);
    const customColumns = await readCustomColumns(client, scope.definition, scope.actions);
    return { ...scope, connection, customColumns };
  };
  const documents = createDocumentCache();
  return new Hono<ServiceEnv>()
    .get('/connections/:connection/openapi.json', async (context) =>
      sendOpenApi(context, await documents.read(toOpenApi, await scopeOf(context))),
    )
    .get('/connections/:connection/swagger.json', async (context) => {
      const document = await documents.read(toSwagger, await scopeOf(context));
      return context.body(document, 200, { 'content-type': 'application/json' });
    });
}

function readScope({ connector, url }: ServiceParts, context: ServiceContext): DocumentScope {
  const { definition } = runtimeOf(connector);
  const patterns = context.req.query('actions')?.split(',');
  return { definition, url, ...selectOperations(definition, patterns) };
}

const maxPatterns = 50;
const patternSyntax = /^[a-z0-9.*-]{1,80}$/;

/** The operations whose ids match one of the patterns; all without patterns. */
function selectOperations(
  { actions, triggers }: ConnectorDefinition,
  patterns: readonly string[] = ['*'],
): Pick<DocumentScope, 'actions' | 'triggers'> {
  if (patterns.length > maxPatterns || !patterns.every((pattern) => patternSyntax.test(pattern)))
    throw new ConnectorError(
      'INPUT_INVALID',
      '"actions" must be ids or patterns such as case.*, separated by commas.',
    );
  const matchers = patterns.map(createIdMatcher);
  const isSelected = ({ id }: { readonly id: string }) => matchers.some((matches) => matches(id));
  return {
    actions: Object.values(actions).filter(isSelected),
    triggers: Object.values(triggers).filter(isSelected),
  };
}
