import type { RequestTemplate } from '../../model/definition.ts';
import { requestForms } from '../grammar/action-grammar.ts';
import type { SourceNode } from '../read/source-node.ts';
import type { RequestYaml } from '../read/yaml-types.ts';
import { allDefined } from './all-defined.ts';
import type { CompileContext } from './compile-context.ts';
import { compilePlainRequest } from './compile-plain-request.ts';
import type { TemplateContext } from './compile-query.ts';
import { compileTableRequest } from './compile-table-request.ts';
import { compileTemplate } from './compile-template.ts';
import type { RequestCompileContext, TableRequestForm } from './request-form.ts';
import { requireKey } from './require-key.ts';
import { findCompiledTable } from './resolve-refs.ts';

/** The form of a request: a verb with its table, or `plain` (method and path); undefined if it has errors. */
export function readRequestForm(
  yaml: RequestYaml,
  node: SourceNode,
  context: CompileContext,
): TableRequestForm | 'plain' | undefined {
  const verbs = Object.keys(requestForms).filter((keyword) => Object.hasOwn(yaml, keyword));
  const [keyword] = verbs;
  if (verbs.length !== 1 || keyword === undefined) {
    const message =
      keyword === undefined
        ? 'the request has no verb'
        : `a request has one verb, not ${verbs.join(' and ')}`;
    node.error('M106', message, { key: true, fix: `write one of: ${Object.keys(requestForms).join(', ')}` });
    return undefined;
  }
  if (keyword === 'method') return 'plain';
  const verb = keyword as TableRequestForm['verb'];
  const table = findCompiledTable(requireKey(yaml, verb), node.at(verb), context);
  return table && { verb, table };
}

/** Compiles a request; undefined if it has errors. */
export function compileRequest(
  yaml: RequestYaml,
  form: TableRequestForm | 'plain',
  context: RequestCompileContext,
): RequestTemplate | undefined {
  const lowered =
    form === 'plain' ? compilePlainRequest(yaml, context) : compileTableRequest(yaml, form, context);
  const headers = compileHeaders(yaml.headers ?? {}, context);
  return lowered && headers && { ...lowered, headers };
}

/** Headers that the engine sets. */
const reserved = new Set([
  'accept',
  'authorization',
  'connection',
  'content-length',
  'content-type',
  'cookie',
  'host',
  'if-none-match',
  'odata-maxversion',
  'odata-version',
  'prefer',
  'transfer-encoding',
]);

function compileHeaders(
  headers: Readonly<Record<string, string>>,
  { node, scope }: TemplateContext,
): RequestTemplate['headers'] | undefined {
  return allDefined(
    Object.entries(headers).map(([name, value]) => {
      const at = node.at('headers', name);
      if (reserved.has(name.toLowerCase())) {
        at.error('M109', `the header ${name} is set by the engine`, { key: true, fix: 'remove it' });
        return undefined;
      }
      const template = compileTemplate(value, { locate: 'header', required: true }, { node: at, scope });
      return template && ([name, template] as const);
    }),
  );
}
