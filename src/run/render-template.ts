import { ConnectorError } from '../errors/connector-error.ts';
import type { ConnectorDefinition } from '../model/definition.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { BodyTemplate, Template } from '../model/template.ts';
import { encodeValue } from '../odata/encode-value.ts';
import { encodeJsonValue } from './encode-json-value.ts';
import { encodeRow } from './encode-row.ts';
import { requireTable } from './require-table.ts';
import { placeholderValue, type TemplateScope } from './template-scope.ts';

/**
 * The text of a template; each value is encoded for its position and type. Undefined if a value is absent: a clause
 * or option with a missing input is omitted. The text is not percent-encoded except inside a path's parentheses.
 */
export function renderTemplate(template: Template, scope: TemplateScope): string | undefined {
  let text = '';
  for (const part of template.parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const value = placeholderValue(part, scope);
    if (value === undefined) return undefined;
    text += encodeValue(value, part);
  }
  return text;
}

/** The text of a template that the request requires. INPUT_INVALID if a value is absent. */
export function renderRequired(template: Template, scope: TemplateScope, operation: string): string {
  const text = renderTemplate(template, scope);
  if (text !== undefined) return text;
  throw new ConnectorError(
    'INPUT_INVALID',
    `${operation}: ${templateSource(template)} has a placeholder without a value.`,
  );
}

/** The template as it is written in the action file, to name a clause that was omitted. */
export function templateSource(template: Template): string {
  return template.parts
    .map((part) => (typeof part === 'string' ? part : `{{${part.path.join('.')}}}`))
    .join('');
}

/** The JSON of a body; undefined if its value is absent. Absent properties and items are omitted, `null` is kept. */
export function renderBody(
  body: BodyTemplate,
  scope: TemplateScope,
  definition: Pick<ConnectorDefinition, 'tables'>,
): Json | undefined {
  switch (body.kind) {
    case 'literal':
      return body.value;
    case 'placeholder':
      return encodeJsonValue(placeholderValue(body.placeholder, scope), body.placeholder.type);
    case 'text':
      return renderTemplate(body.template, scope);
    case 'array':
      return body.items.flatMap((item) => renderBody(item, scope, definition) ?? []);
    case 'object': {
      const entries = body.entries.map(
        ([key, value]) => [key, renderBody(value, scope, definition)] as const,
      );
      return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== undefined));
    }
    case 'row': {
      const row = renderBody(body.value, scope, definition) as JsonObject | undefined;
      return row === undefined ? undefined : encodeRow(requireTable(definition, body.table), row, body.omit);
    }
  }
}
