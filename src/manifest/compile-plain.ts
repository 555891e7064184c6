import type { RequestTemplate, Safety } from '../model/definition.ts';
import type { Method } from '../model/http.ts';
import { compileBody } from './compile-body.ts';
import { compilePath, compileQuery, type Place } from './compile-query.ts';
import type { Lowered, RequestContext } from './request-form.ts';
import type { RequestYaml } from './shapes.ts';

const safeties: Readonly<Record<Method, Safety>> = {
  GET: 'repeatable',
  PATCH: 'repeatable',
  PUT: 'repeatable',
  DELETE: 'delete',
  POST: 'once',
};

/** Compiles a request in Dataverse's words: method, path, query, body. */
export function compilePlain(yaml: RequestYaml, { site, scope }: RequestContext): Lowered | undefined {
  const method = yaml.method!;
  const path = compilePath(yaml.path!, { site: site.at('path'), scope });
  const query = compileQuery(yaml.query ?? {}, { site: site.at('query'), scope });
  const body = yaml.body && compileBody(yaml.body, { site: site.at('body'), scope });
  const doneWhen = compileDoneWhen(yaml, { site, scope });
  const hasBody = yaml.body !== undefined;
  if (hasBody && (method === 'GET' || method === 'DELETE')) {
    site.at('body').error('M107', `a ${method} has no body`, { key: true, fix: 'leave it out' });
    return undefined;
  }
  if (path === undefined || query === undefined || doneWhen === undefined || (hasBody && !body))
    return undefined;
  return { method, path, query, ...(body && { body }), safety: safetyOf(yaml), ...doneWhen };
}

/** Linking two rows that are linked already leaves them linked. */
function safetyOf({ method, path }: RequestYaml): Safety {
  return method === 'POST' && path!.endsWith('/$ref') ? 'repeatable' : safeties[method!];
}

function compileDoneWhen(
  { doneWhen, method }: RequestYaml,
  { site, scope }: Place,
): Pick<RequestTemplate, 'doneWhen'> | undefined {
  if (doneWhen === undefined) return {};
  const at = site.at('doneWhen');
  if (method !== 'POST') {
    at.error('M107', `doneWhen is for a POST; a ${method} is repeated anyway`, {
      key: true,
      fix: 'leave it out',
    });
    return undefined;
  }
  const path = compilePath(doneWhen.path, { site: at.at('path'), scope });
  return path && { doneWhen: { path, select: Object.keys(doneWhen.holds), holds: doneWhen.holds } };
}
