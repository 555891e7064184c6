import { suggest } from '../../errors/suggest.ts';
import { toDiagnosticMessage } from '../../errors/to-diagnostic-message.ts';
import type { QueryOption } from '../../model/definition.ts';
import type { Template } from '../../model/template.ts';
import { locateFilterPlaceholders } from '../../odata/placeholders/locate-filter-placeholders.ts';
import { locateOptionPlaceholders } from '../../odata/placeholders/locate-option-placeholders.ts';
import { locatePathPlaceholders } from '../../odata/placeholders/locate-path-placeholders.ts';
import type { ParseResult } from '../../odata/query/ast.ts';
import { parseApply } from '../../odata/query/parse-apply.ts';
import { parseOrderBy, parseSelect } from '../../odata/query/parse-columns.ts';
import { parseExpand } from '../../odata/query/parse-expand.ts';
import type { SourceNode } from '../read/source-node.ts';
import { allDefined } from './all-defined.ts';
import { checkFilterNames } from './check-filter-names.ts';
import { checkLiteralKeys } from './check-literal-id.ts';
import { checkChosenColumns, checkOptionColumns } from './check-option-columns.ts';
import type { CompiledTable } from './compile-context.ts';
import { compileTemplate } from './compile-template.ts';
import type { PlaceholderScope } from './placeholder-scope.ts';

/** The location of a template, and the values that its placeholders can name. */
export interface TemplateContext {
  readonly node: SourceNode;
  readonly scope: PlaceholderScope;
}

/** One clause of a `$filter`, and its location. */
export interface FilterClause {
  readonly text: string;
  readonly node: SourceNode;
  /** The table whose columns the clause names, if they are to be checked. */
  readonly table?: CompiledTable | undefined;
}

/** The clauses of a YAML list, each with its location. */
export function toClauses(
  texts: readonly string[],
  node: SourceNode,
  table?: CompiledTable,
): readonly FilterClause[] {
  return texts.map((text, index) => ({ text, node: node.at(index), table }));
}

/** Compiles the clauses of a `$filter`, and checks the columns of its table, if it is known; undefined if it has errors. */
export function compileClauses(
  clauses: readonly FilterClause[],
  scope: PlaceholderScope,
): readonly Template[] | undefined {
  return allDefined(
    clauses.map(({ text, node, table }) => {
      const template = compileTemplate(text, { locate: locateFilterPlaceholders }, { node, scope });
      const isValid =
        template === undefined ||
        table === undefined ||
        (checkFilterNames(text, table, node) && checkChosenColumns(template, table, node));
      return isValid ? template : undefined;
    }),
  );
}

/** Compiles the options of a query; undefined if it has errors. */
export function compileQuery(
  query: Readonly<Record<string, string | readonly string[]>>,
  { node, scope }: TemplateContext,
  table?: CompiledTable,
): readonly QueryOption[] | undefined {
  return allDefined(
    Object.entries(query).map(([name, value]) =>
      compileOption(name, value, { node: node.at(name), scope, table }),
    ),
  );
}

function compileOption(
  name: string,
  value: string | readonly string[],
  context: TemplateContext & { readonly table: CompiledTable | undefined },
): QueryOption | undefined {
  const { node, scope, table } = context;
  if (!checkOptionName(name, node)) return undefined;
  if (name === '$filter') {
    const clauses = compileClauses(
      typeof value === 'string' ? [{ text: value, node, table }] : toClauses(value, node, table),
      scope,
    );
    return clauses && { name, kind: 'clauses', clauses };
  }
  if (typeof value === 'string') return compileTextOption(name, value, context);
  node.error('M104', `only $filter can be a list; ${name} is one text`, { fix: 'write one text' });
  return undefined;
}

/** Compiles one option that is a single text: `$orderby` and the like. */
export function compileTextOption(
  name: string,
  text: string,
  { node, scope, table }: TemplateContext & { readonly table?: CompiledTable | undefined },
): QueryOption | undefined {
  if (!checkOption(name, text, node)) return undefined;
  const rules = { locate: (parts: readonly string[]) => locateOptionPlaceholders(name, parts) };
  const template = compileTemplate(text, rules, { node, scope });
  const isValid =
    template === undefined || table === undefined || checkOptionColumns(name, template, table, node);
  return template && isValid ? { name, kind: 'text', template } : undefined;
}

const parsers: Readonly<Record<string, (text: string) => ParseResult<unknown>>> = {
  $orderby: parseOrderBy,
  $select: parseSelect,
  $expand: parseExpand,
  $apply: parseApply,
};

/** Query options that Dataverse has; parameters of functions (`@p1`) have names of their own. */
const knownOptions = [
  ...['$select', '$filter', '$orderby', '$expand', '$apply', '$top', '$count'],
  ...['fetchXml', 'savedQuery', 'userQuery', 'tag', 'partitionId'],
];

/** Rejects the options that the engine sets itself, and those that Dataverse does not have: it would ignore them. */
function checkOptionName(name: string, node: SourceNode): boolean {
  if (name.startsWith('@') || knownOptions.includes(name)) return true;
  const isReserved = /^\$(skip|skiptoken|deltatoken|search|format)$/.test(name);
  const message = isReserved
    ? `${name} is set by the engine, or not supported by Dataverse`
    : `there is no query option "${name}"`;
  node.error('M109', message, { key: true, fix: isReserved ? 'remove it' : optionFix(name) });
  return false;
}

function optionFix(name: string): string {
  if (knownOptions.includes(`$${name}`)) return `write $${name}`;
  const [nearest] = suggest(name, knownOptions, 1);
  return nearest === undefined ? `use one of: ${knownOptions.join(', ')}` : `did you mean "${nearest}"?`;
}

/** Parses a text without placeholders as a whole. */
function checkOption(name: string, text: string, node: SourceNode): boolean {
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
  if (!checkLiteralKeys(text, context.node)) return undefined;
  return compileTemplate(text, { locate: locatePathPlaceholders, required: true }, context);
}
