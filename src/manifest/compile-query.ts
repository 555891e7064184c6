import { toDiagnosticMessage } from '../errors/to-diagnostic-message.ts';
import type { QueryOption } from '../model/definition.ts';
import type { Template } from '../model/template.ts';
import { locateFilterPlaceholders } from '../odata/placeholders/locate-filter-placeholders.ts';
import { locateOptionPlaceholders } from '../odata/placeholders/locate-option-placeholders.ts';
import { locatePathPlaceholders } from '../odata/placeholders/locate-path-placeholders.ts';
import type { ParseResult } from '../odata/query/ast.ts';
import { parseApply } from '../odata/query/parse-apply.ts';
import { parseOrderBy, parseSelect } from '../odata/query/parse-columns.ts';
import { parseExpand } from '../odata/query/parse-expand.ts';
import { allDefined } from './all-defined.ts';
import { compileTemplate } from './compile-template.ts';
import type { PlaceholderScope } from './placeholder-scope.ts';
import type { SourceNode } from './source-node.ts';

/** The location of a template, and the values that its placeholders can name. */
export interface TemplateContext {
  readonly node: SourceNode;
  readonly scope: PlaceholderScope;
}

/** One clause of a `$filter`, and its location. */
export interface FilterClause {
  readonly text: string;
  readonly node: SourceNode;
}

/** The clauses of a YAML list, each with its location. */
export function toClauses(texts: readonly string[], node: SourceNode): readonly FilterClause[] {
  return texts.map((text, index) => ({ text, node: node.at(index) }));
}

/** Compiles the clauses of a `$filter`; undefined if it has errors. */
export function compileClauses(
  clauses: readonly FilterClause[],
  scope: PlaceholderScope,
): readonly Template[] | undefined {
  return allDefined(
    clauses.map(({ text, node }) =>
      compileTemplate(text, { locate: locateFilterPlaceholders }, { node, scope }),
    ),
  );
}

/** Compiles the options of a query; undefined if it has errors. */
export function compileQuery(
  query: Readonly<Record<string, string | readonly string[]>>,
  { node, scope }: TemplateContext,
): readonly QueryOption[] | undefined {
  return allDefined(
    Object.entries(query).map(([name, value]) => compileOption(name, value, { node: node.at(name), scope })),
  );
}

function compileOption(
  name: string,
  value: string | readonly string[],
  context: TemplateContext,
): QueryOption | undefined {
  const { node, scope } = context;
  if (name === '$filter') {
    const clauses = compileClauses(
      typeof value === 'string' ? [{ text: value, node }] : toClauses(value, node),
      scope,
    );
    return clauses && { name, kind: 'clauses', clauses };
  }
  if (typeof value === 'string') return compileTextOption(name, value, context);
  node.error('M104', `only $filter can be a list; ${name} is one text`);
  return undefined;
}

/** Compiles one option that is a single text: `$orderby` and the like. */
export function compileTextOption(
  name: string,
  text: string,
  { node, scope }: TemplateContext,
): QueryOption | undefined {
  if (!checkOption(name, text, node)) return undefined;
  const rules = { locate: (parts: readonly string[]) => locateOptionPlaceholders(name, parts) };
  const template = compileTemplate(text, rules, { node, scope });
  return template && { name, kind: 'text', template };
}

const parsers: Readonly<Record<string, (text: string) => ParseResult<unknown>>> = {
  $orderby: parseOrderBy,
  $select: parseSelect,
  $expand: parseExpand,
  $apply: parseApply,
};

/** Rejects the options that the engine sets itself, and parses a text without placeholders as a whole. */
function checkOption(name: string, text: string, node: SourceNode): boolean {
  if (/^\$(skip|skiptoken|deltatoken|search|format)$/.test(name)) {
    node.error('M109', `${name} is set by the engine, or not supported by Dataverse`, {
      key: true,
      fix: 'remove it',
    });
    return false;
  }
  const parsed = text.includes('{{') ? undefined : parsers[name]?.(text);
  if (parsed === undefined || parsed.ok) return true;
  for (const { message, fix, start, end } of parsed.diagnostics) {
    node.error('Q101', toDiagnosticMessage(message), {
      text: text.slice(start, end) || text,
      fix: fix && toDiagnosticMessage(fix),
    });
  }
  return false;
}

/** Compiles a path below the Web API's base URL; undefined if it has errors. */
export function compilePath(text: string, context: TemplateContext): Template | undefined {
  if (/^[a-z][a-z0-9+.-]*:|\/\/|\.\.|%/i.test(text)) {
    const fix = 'write /set({{input.id}})';
    context.node.error('M108', 'a path is relative to the Web API and has no "//", ".." or "%"', {
      fix,
    });
    return undefined;
  }
  return compileTemplate(text, { locate: locatePathPlaceholders, required: true }, context);
}
