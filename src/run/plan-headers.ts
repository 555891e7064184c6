import type { RequestAction, RequestTemplate } from '../model/definition.ts';
import type { Json } from '../model/json.ts';
import { needed } from './render.ts';
import { type Scope, slotValue } from './scope.ts';

/** The headers of a request: the author's own, and what keeps a write from doing something else. */
export function planHeaders({ request, id }: RequestAction, scope: Scope): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, template] of request.headers) headers[name.toLowerCase()] = needed(template, scope, id);
  const mode = modeOf(request, scope);
  if (mode === 'upsert') return headers;
  const isNew = request.safety === 'create' && request.method === 'PATCH';
  if (isNew || mode === 'createOnly') headers['if-none-match'] = '*';
  // Without If-Match a PATCH to a missing row would create it.
  else if (changesRow(request)) headers['if-match'] ??= '*';
  return headers;
}

/** A link between rows (`/$ref`) has no version of its own. */
function changesRow({ method, path }: RequestTemplate): boolean {
  const end = path.parts.at(-1);
  const isLink = typeof end === 'string' && end.endsWith('/$ref');
  return (method === 'PATCH' || method === 'DELETE') && !isLink;
}

function modeOf({ match }: RequestTemplate, scope: Scope): Json | undefined {
  return match?.mode && slotValue(match.mode, scope);
}

/** A second "create only" is refused whether or not the first was ours, so it must not be sent by itself. */
export function isCreateOnly(request: RequestTemplate, scope: Scope): boolean {
  return modeOf(request, scope) === 'createOnly';
}
