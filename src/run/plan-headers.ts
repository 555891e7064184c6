import type { RequestAction, RequestTemplate } from '../model/definition.ts';
import type { Json } from '../model/json.ts';
import { compileRequired } from './render-template.ts';
import { placeholderValue, type TemplateScope } from './template-scope.ts';

/**
 * Compiles the headers of a request: those of the action file, and the conditions that keep a create from updating and an
 * update from creating.
 */
export function compileOwnHeaders({
  request,
  id,
}: RequestAction): (scope: TemplateScope) => Record<string, string> {
  const own = request.headers.map(
    ([name, template]) => [name.toLowerCase(), compileRequired(template, id)] as const,
  );
  const isNew = request.safety === 'create' && request.method === 'PATCH';
  const isChange = changesExistingRow(request);
  return (scope) => {
    const headers: Record<string, string> = {};
    for (const [name, render] of own) headers[name] = render(scope);
    const mode = matchModeOf(request, scope);
    if (mode === 'upsert') return headers;
    if (isNew || mode === 'createOnly') headers['if-none-match'] = '*';
    // Without If-Match a PATCH to a missing row would create it.
    else if (isChange) headers['if-match'] ??= '*';
    return headers;
  };
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

/**
 * Whether an upsert may only create. Its rejection does not tell whether an earlier attempt created the row, so it must
 * not be retried automatically.
 */
export function isCreateOnly(request: RequestTemplate, scope: TemplateScope): boolean {
  return matchModeOf(request, scope) === 'createOnly';
}
