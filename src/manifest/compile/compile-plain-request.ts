import type { RequestTemplate, RetrySafety } from '../../model/definition.ts';
import type { HttpMethod } from '../../model/http.ts';
import type { JsonObject } from '../../model/json.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import type { SourceNode } from '../read/source-node.ts';
import type { RequestYaml } from '../read/yaml-types.ts';
import { checkChoiceNumber, checkColumnName } from './check-column-name.ts';
import { compileBody } from './compile-body.ts';
import type { CompileContext, CompiledTable } from './compile-context.ts';
import { compilePath, compileQuery } from './compile-query.ts';
import type { LoweredRequest, RequestCompileContext } from './request-form.ts';
import { requireKey } from './require-key.ts';

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
  { node, scope, context }: RequestCompileContext,
): LoweredRequest | undefined {
  const method = requireKey(yaml, 'method');
  const pathText = requireKey(yaml, 'path');
  const path = compilePath(pathText, { node: node.at('path'), scope });
  const query = compileQuery(
    yaml.query ?? {},
    { node: node.at('query'), scope },
    tableOfPath(pathText, context),
  );
  const body = yaml.body && compileBody(yaml.body, { node: node.at('body'), scope });
  const verifyWith = compileVerifyWith(yaml, { node, scope, context });
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
  { node, scope, context }: RequestCompileContext,
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
  const table = tableOfPath(verifyWith.path, context);
  if (table !== undefined && !checkExpected(verifyWith.expect, table, at.at('expect'))) return undefined;
  return path && { verifyWith: { path, select: Object.keys(verifyWith.expect), expect: verifyWith.expect } };
}

/** The table whose rows a path addresses: `/incidents`, `/incidents(id)`; undefined if it has no file. */
function tableOfPath(path: string, { tables }: CompileContext): CompiledTable | undefined {
  const [, entitySet] = /^\/(\w+)(?:\([^()]*\))?$/.exec(path) ?? [];
  return [...tables.values()].find(({ table }) => table.entitySet === entitySet);
}

/** Checks the columns that `verifyWith` reads, and the numbers of choices that it expects. */
function checkExpected(expected: JsonObject, compiled: CompiledTable, node: SourceNode): boolean {
  const checks = Object.entries(expected).map(([name, value]) => {
    const at = node.at(name);
    const column = compiled.table.columns.find(({ wireName }) => wireName === name);
    if (!checkColumnName(name, compiled, at, { key: true })) return false;
    return column === undefined || typeof value !== 'number' || checkChoiceNumber(value, column, at, {});
  });
  return checks.every(Boolean);
}
