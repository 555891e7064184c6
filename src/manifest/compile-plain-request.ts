import type { RequestTemplate, RetrySafety } from '../model/definition.ts';
import type { HttpMethod } from '../model/http.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { compileBody } from './compile-body.ts';
import { compilePath, compileQuery, type TemplateContext } from './compile-query.ts';
import type { LoweredRequest, RequestCompileContext } from './request-form.ts';
import { requireKey } from './require-key.ts';
import type { RequestYaml } from './yaml-types.ts';

const retrySafetyByMethod: Readonly<Record<HttpMethod, RetrySafety>> = {
  GET: 'repeatable',
  PATCH: 'repeatable',
  PUT: 'repeatable',
  DELETE: 'delete',
  POST: 'once',
};

/** Compiles a plain request with Dataverse's names: method, path, query and body. Undefined if it has errors. */
export function compilePlainRequest(
  yaml: RequestYaml,
  { node, scope }: RequestCompileContext,
): LoweredRequest | undefined {
  const method = requireKey(yaml, 'method');
  const pathText = requireKey(yaml, 'path');
  const path = compilePath(pathText, { node: node.at('path'), scope });
  const query = compileQuery(yaml.query ?? {}, { node: node.at('query'), scope });
  const body = yaml.body && compileBody(yaml.body, { node: node.at('body'), scope });
  const verifyWith = compileVerifyWith(yaml, { node, scope });
  const hasBody = yaml.body !== undefined;
  if (hasBody && (method === 'GET' || method === 'DELETE')) {
    node.at('body').error('M107', `a ${method} has no body`, { key: true, fix: 'remove it' });
    return undefined;
  }
  if (path === undefined || query === undefined || verifyWith === undefined || (hasBody && !body))
    return undefined;
  return omitUndefined({
    method,
    path,
    query,
    body,
    safety: deriveRetrySafety(method, pathText),
    ...verifyWith,
  });
}

/** A POST to `/$ref` associates two rows; repeating it changes nothing. */
function deriveRetrySafety(method: HttpMethod, path: string): RetrySafety {
  return method === 'POST' && path.endsWith('/$ref') ? 'repeatable' : retrySafetyByMethod[method];
}

function compileVerifyWith(
  { verifyWith, method }: RequestYaml,
  { node, scope }: TemplateContext,
): Pick<RequestTemplate, 'verifyWith'> | undefined {
  if (verifyWith === undefined) return {};
  const at = node.at('verifyWith');
  if (method !== 'POST') {
    at.error('M107', `verifyWith is only for a POST; a ${method} is safe to repeat`, {
      key: true,
      fix: 'remove it',
    });
    return undefined;
  }
  const path = compilePath(verifyWith.path, { node: at.at('path'), scope });
  return path && { verifyWith: { path, select: Object.keys(verifyWith.expect), expect: verifyWith.expect } };
}
