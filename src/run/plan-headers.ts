import type { RequestAction, RequestTemplate } from '../model/definition.ts';
import type { Json } from '../model/json.ts';
import { renderRequired } from './render-template.ts';
import { placeholderValue, type TemplateScope } from './template-scope.ts';

/** The headers of a request: the author's own, and what keeps a write from doing something else. */
export function planHeaders({ request, id }: RequestAction, scope: TemplateScope): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, template] of request.headers)
    headers[name.toLowerCase()] = renderRequired(template, scope, id);
  const mode = matchModeOf(request, scope);
  if (mode === 'upsert') return headers;
  const isNew = request.safety === 'create' && request.method === 'PATCH';
  if (isNew || mode === 'createOnly') headers['if-none-match'] = '*';
  // Without If-Match a PATCH to a missing row would create it.
  else if (changesExistingRow(request)) headers['if-match'] ??= '*';
  return headers;
}

/** A link between rows (`/$ref`) has no version of its own. */
function changesExistingRow({ method, path }: RequestTemplate): boolean {
  const end = path.parts.at(-1);
  const isLink = typeof end === 'string' && end.endsWith('/$ref');
  return (method === 'PATCH' || method === 'DELETE') && !isLink;
}

function matchModeOf({ match }: RequestTemplate, scope: TemplateScope): Json | undefined {
  return match?.mode && placeholderValue(match.mode, scope);
}

/** A second "create only" is refused whether or not the first was ours, so it must not be sent by itself. */
export function isCreateOnly(request: RequestTemplate, scope: TemplateScope): boolean {
  return matchModeOf(request, scope) === 'createOnly';
}
