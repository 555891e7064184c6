import type { Json } from '../../model/json.ts';
import type { BodyTemplate, Placeholder } from '../../model/template.ts';
import { locatePathPlaceholders } from '../../odata/placeholders/locate-path-placeholders.ts';
import type { SourceNode } from '../read/source-node.ts';
import { allDefined } from './all-defined.ts';
import { checkLiteralKeys } from './check-literal-id.ts';
import type { TemplateContext } from './compile-query.ts';
import {
  compileTemplate,
  readPlaceholders,
  readSolePlaceholder,
  type TemplateRules,
} from './compile-template.ts';

/** Compiles a body in Dataverse's names: JSON whose strings can have placeholders; undefined if it has errors. */
export function compileBody(
  value: Json,
  { node, scope }: TemplateContext,
  key = '',
): BodyTemplate | undefined {
  if (typeof value === 'string') return compileText(value, { node, scope }, key);
  if (value === null || typeof value !== 'object') return { kind: 'literal', value };
  if (Array.isArray(value)) {
    const items = allDefined(
      value.map((item: Json, index) => compileBody(item, { node: node.at(index), scope }, key)),
    );
    return items && { kind: 'array', items };
  }
  const entries = allDefined(
    Object.entries(value).map(([name, inner]) => {
      if (!checkBodyName(name, node.at(name))) return undefined;
      const body = compileBody(inner as Json, { node: node.at(name), scope }, name);
      return body && ([name, body] as const);
    }),
  );
  return entries && { kind: 'object', entries };
}

/** A name is written as it is: a placeholder in it would be sent with its braces. */
function checkBodyName(name: string, node: SourceNode): boolean {
  if (!name.includes('{{')) return true;
  node.error('T109', 'placeholders are not allowed in the name of a property', {
    key: true,
    fix: 'write the name itself',
  });
  return false;
}

function compileText(text: string, { node, scope }: TemplateContext, key: string): BodyTemplate | undefined {
  const parts = readPlaceholders(text, node);
  if (parts === undefined) return undefined;
  const isRowPath = key.endsWith('@odata.bind') || key === '@odata.id';
  if (isRowPath && !checkLiteralKeys(text, node)) return undefined;
  if (parts.every((part) => typeof part === 'string')) return { kind: 'literal', value: text };
  const placeholder = readSolePlaceholder(text);
  const locate = choosePosition(key, placeholder !== undefined);
  const template = compileTemplate(text, { locate }, { node, scope });
  if (template === undefined) return undefined;
  if (key === '@odata.id')
    return { kind: 'text', template: { parts: [apiUrlPlaceholder, ...template.parts] } };
  if (locate === 'json') return { kind: 'placeholder', placeholder: template.parts[0] as Placeholder };
  return { kind: 'text', template };
}

/** `@odata.id` needs the absolute URL of a row. */
const apiUrlPlaceholder: Placeholder = { path: ['api', 'url'], type: { kind: 'string' }, position: 'text' };

/** A lookup input gives the path of its row; otherwise the text of a binding is a path with a key. */
function choosePosition(key: string, isWhole: boolean): TemplateRules['locate'] {
  if (key.endsWith('@odata.bind') || key === '@odata.id') return isWhole ? 'bind' : locatePathPlaceholders;
  return isWhole ? 'json' : 'text';
}
