import { ConnectorError } from '../errors/connector-error.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Table } from '../model/table.ts';
import type { BodyTemplate, Template } from '../model/template.ts';
import { encodeValue } from '../odata/encode-value.ts';
import { encodeJsonValue } from './encode-json-value.ts';
import { encodeRow } from './encode-row.ts';
import { placeholderValue, type TemplateScope } from './template-scope.ts';

/**
 * The text of a template, each value written by the encoder of its position and type; undefined when any
 * value is absent ("absent means gone"). Not percent-encoded except inside a path's parentheses.
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

/** The text of a template that no request can do without. */
export function renderRequired(template: Template, scope: TemplateScope, operation: string): string {
  const text = renderTemplate(template, scope);
  if (text !== undefined) return text;
  throw new ConnectorError(
    'INPUT_INVALID',
    `${operation}: ${templateSource(template)} needs a value that is absent.`,
  );
}

/** The template as its author wrote it: for naming a clause that was left out. */
export function templateSource(template: Template): string {
  return template.parts
    .map((part) => (typeof part === 'string' ? part : `{{${part.path.join('.')}}}`))
    .join('');
}

/** The JSON of a body; undefined where it is absent. Absent properties and items are left out, `null` is kept. */
export function renderBody(
  body: BodyTemplate,
  scope: TemplateScope,
  tables: Readonly<Record<string, Table>>,
): Json | undefined {
  switch (body.kind) {
    case 'literal':
      return body.value;
    case 'placeholder':
      return encodeJsonValue(placeholderValue(body.placeholder, scope), body.placeholder.type);
    case 'text':
      return renderTemplate(body.template, scope);
    case 'array':
      return body.items.flatMap((item) => renderBody(item, scope, tables) ?? []);
    case 'object': {
      const entries = body.entries.map(([key, value]) => [key, renderBody(value, scope, tables)] as const);
      return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== undefined));
    }
    case 'row': {
      const row = renderBody(body.value, scope, tables) as JsonObject | undefined;
      return row === undefined ? undefined : encodeRow(tables[body.table]!, row, body.omit);
    }
  }
}
