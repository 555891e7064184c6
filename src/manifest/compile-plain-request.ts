import type { RequestTemplate, RetrySafety } from '../model/definition.ts';
import type { HttpMethod } from '../model/http.ts';
import { compileBody } from './compile-body.ts';
import { compilePath, compileQuery, type TemplateContext } from './compile-query.ts';
import type { LoweredRequest, RequestCompileContext } from './request-form.ts';
import type { RequestYaml } from './yaml-types.ts';

const retrySafetyByMethod: Readonly<Record<HttpMethod, RetrySafety>> = {
  GET: 'repeatable',
  PATCH: 'repeatable',
  PUT: 'repeatable',
  DELETE: 'delete',
  POST: 'once',
};

/** Compiles a request in Dataverse's words: method, path, query, body. */
export function compilePlainRequest(
  yaml: RequestYaml,
  { node, scope }: RequestCompileContext,
): LoweredRequest | undefined {
  const method = yaml.method!;
  const path = compilePath(yaml.path!, { node: node.at('path'), scope });
  const query = compileQuery(yaml.query ?? {}, { node: node.at('query'), scope });
  const body = yaml.body && compileBody(yaml.body, { node: node.at('body'), scope });
  const verifyWith = compileVerifyWith(yaml, { node, scope });
  const hasBody = yaml.body !== undefined;
  if (hasBody && (method === 'GET' || method === 'DELETE')) {
    node.at('body').error('M107', `a ${method} has no body`, { key: true, fix: 'leave it out' });
    return undefined;
  }
  if (path === undefined || query === undefined || verifyWith === undefined || (hasBody && !body))
    return undefined;
  return { method, path, query, ...(body && { body }), safety: deriveRetrySafety(yaml), ...verifyWith };
}

/** Linking two rows that are linked already leaves them linked. */
function deriveRetrySafety({ method, path }: RequestYaml): RetrySafety {
  return method === 'POST' && path!.endsWith('/$ref') ? 'repeatable' : retrySafetyByMethod[method!];
}

function compileVerifyWith(
  { verifyWith, method }: RequestYaml,
  { node, scope }: TemplateContext,
): Pick<RequestTemplate, 'verifyWith'> | undefined {
  if (verifyWith === undefined) return {};
  const at = node.at('verifyWith');
  if (method !== 'POST') {
    at.error('M107', `verifyWith is for a POST; a ${method} is repeated anyway`, {
      key: true,
      fix: 'leave it out',
    });
    return undefined;
  }
  const path = compilePath(verifyWith.path, { node: at.at('path'), scope });
  return path && { verifyWith: { path, select: Object.keys(verifyWith.expect), expect: verifyWith.expect } };
}
