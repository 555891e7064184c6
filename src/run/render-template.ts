import { ConnectorError } from '../errors/connector-error.ts';
import type { ConnectorDefinition } from '../model/definition.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { toJsonPointer } from '../model/json-pointer.ts';
import type { BodyTemplate, Placeholder, Template } from '../model/template.ts';
import { compileEncoder } from '../odata/encode-value.ts';
import { encodeJsonValue } from './codec/encode-json-value.ts';
import { compileRowEncoder } from './codec/encode-row.ts';
import { requireTable } from './require-table.ts';
import { placeholderValue, type TemplateScope } from './template-scope.ts';

/** The text of a template; undefined if a value is absent. */
export type RenderTemplate = (scope: TemplateScope) => string | undefined;

/**
 * Compiles a template; each value is encoded for its position and type. The text is undefined if a value is absent: a
 * clause or option with a missing input is omitted. It is not percent-encoded except inside a path's parentheses.
 */
export function compileTemplate({ parts }: Template): RenderTemplate {
  const pieces = parts.map((part) =>
    typeof part === 'string' ? part : { placeholder: part, encode: compileEncoder(part) },
  );
  return (scope) => {
    let text = '';
    for (const piece of pieces) {
      if (typeof piece === 'string') {
        text += piece;
        continue;
      }
      const value = placeholderValue(piece.placeholder, scope);
      if (value === undefined) return undefined;
      text += piece.encode(value);
    }
    return text;
  };
}

/** The same for one text. */
export function renderTemplate(template: Template, scope: TemplateScope): string | undefined {
  return compileTemplate(template)(scope);
}

/** Compiles a template that the request requires. INPUT_INVALID if a value is absent. */
export function compileRequired(template: Template, operation: string): (scope: TemplateScope) => string {
  const render = compileTemplate(template);
  return (scope) => {
    const text = render(scope);
    if (text !== undefined) return text;
    throw new ConnectorError(
      'INPUT_INVALID',
      `${operation}: ${templateSource(template)} has a placeholder without a value.`,
    );
  };
}

/** The template as it is written in the action file, to name a clause that was omitted. */
export function templateSource(template: Template): string {
  return template.parts
    .map((part) => (typeof part === 'string' ? part : `{{${part.path.join('.')}}}`))
    .join('');
}

/** Renders a body; undefined if its value is absent. */
export type RenderBody = (scope: TemplateScope) => Json | undefined;

/** Compiles a body. Absent properties and items are omitted, `null` is kept. */
export function compileBody(body: BodyTemplate, definition: Pick<ConnectorDefinition, 'tables'>): RenderBody {
  switch (body.kind) {
    case 'literal':
      return () => body.value;
    case 'placeholder':
      return compilePlaceholder(body.placeholder, definition);
    case 'text':
      return compileTemplate(body.template);
    case 'array': {
      const items = body.items.map((item) => compileBody(item, definition));
      return (scope) => items.map((render) => render(scope)).filter((item) => item !== undefined);
    }
    case 'object': {
      const entries = body.entries.map(([key, value]) => [key, compileBody(value, definition)] as const);
      return (scope) => {
        const members = entries.map(([key, render]) => [key, render(scope)] as const);
        return Object.fromEntries(members.filter((entry): entry is [string, Json] => entry[1] !== undefined));
      };
    }
    case 'row': {
      const renderRow = compileBody(body.value, definition);
      const { omit, isNew } = body;
      const table = requireTable(definition, body.table);
      const encode = compileRowEncoder(table, { omit, isNew, tables: definition.tables });
      return (scope) => {
        const row = renderRow(scope) as JsonObject | undefined;
        return row === undefined ? undefined : encode(row);
      };
    }
  }
}

function compilePlaceholder(
  placeholder: Placeholder,
  { tables }: Pick<ConnectorDefinition, 'tables'>,
): RenderBody {
  const { path, type } = placeholder;
  const at = toJsonPointer(...path.slice(1));
  return (scope) => {
    const value = placeholderValue(placeholder, scope);
    return value === undefined ? undefined : encodeJsonValue(value, type, { path: at, tables });
  };
}
