import { sentence } from '../errors/sentence.ts';
import type { QueryOption } from '../model/definition.ts';
import type { Template } from '../model/template.ts';
import { locateHoles } from '../odata/holes/filter-holes.ts';
import { locateOptionHoles } from '../odata/holes/option-holes.ts';
import { locatePathHoles } from '../odata/holes/path-holes.ts';
import { parseApply } from '../odata/query/apply.ts';
import type { Parsed } from '../odata/query/ast.ts';
import { parseOrderBy, parseSelect } from '../odata/query/columns.ts';
import { parseExpand } from '../odata/query/expand.ts';
import { complete } from './complete.ts';
import { compileTemplate } from './holes.ts';
import type { Scope } from './scope.ts';
import type { Site } from './site.ts';

/** Where a template stands, and what its holes may name. */
export interface Place {
  readonly site: Site;
  readonly scope: Scope;
}

/** One clause of a `$filter`, and where it is written. */
export interface Clause {
  readonly text: string;
  readonly site: Site;
}

/** The clauses of a list in YAML. */
export function clausesAt(texts: readonly string[], site: Site): readonly Clause[] {
  return texts.map((text, index) => ({ text, site: site.at(index) }));
}

/** Compiles the clauses of a `$filter`; undefined after a fault. */
export function compileClauses(clauses: readonly Clause[], scope: Scope): readonly Template[] | undefined {
  return complete(
    clauses.map(({ text, site }) => compileTemplate(text, { locate: locateHoles }, { site, scope })),
  );
}

/** Compiles the options of a query; undefined after a fault. */
export function compileQuery(
  query: Readonly<Record<string, string | readonly string[]>>,
  { site, scope }: Place,
): readonly QueryOption[] | undefined {
  return complete(
    Object.entries(query).map(([name, value]) => compileOption(name, value, { site: site.at(name), scope })),
  );
}

function compileOption(
  name: string,
  value: string | readonly string[],
  place: Place,
): QueryOption | undefined {
  const { site, scope } = place;
  if (name === '$filter') {
    const clauses = compileClauses(
      typeof value === 'string' ? [{ text: value, site }] : clausesAt(value, site),
      scope,
    );
    return clauses && { name, kind: 'clauses', clauses };
  }
  if (typeof value === 'string') return compileTextOption(name, value, place);
  site.error('M104', `only $filter may be a list; ${name} is one text`);
  return undefined;
}

/** Compiles one option that is a single text: `$orderby` and the like. */
export function compileTextOption(
  name: string,
  text: string,
  { site, scope }: Place,
): QueryOption | undefined {
  if (!checkOption(name, text, site)) return undefined;
  const slots = { locate: (parts: readonly string[]) => locateOptionHoles(name, parts) };
  const template = compileTemplate(text, slots, { site, scope });
  return template && { name, kind: 'text', template };
}

const parsers: Readonly<Record<string, (text: string) => Parsed<unknown>>> = {
  $orderby: parseOrderBy,
  $select: parseSelect,
  $expand: parseExpand,
  $apply: parseApply,
};

/** Options that page belong to the engine; a text without holes can be read as a whole. */
function checkOption(name: string, text: string, site: Site): boolean {
  if (/^\$(skip|skiptoken|deltatoken|search|format)$/.test(name)) {
    site.error('M109', `${name} is the engine’s, or not spoken by Dataverse`, {
      key: true,
      fix: 'leave it out',
    });
    return false;
  }
  const parsed = text.includes('{{') ? undefined : parsers[name]?.(text);
  if (parsed === undefined || parsed.ok) return true;
  for (const { message, fix, start, end } of parsed.faults) {
    site.error('Q101', sentence(message), {
      text: text.slice(start, end) || text,
      fix: fix && sentence(fix),
    });
  }
  return false;
}

/** Compiles a path below the Web API's base URL; undefined after a fault. */
export function compilePath(text: string, place: Place): Template | undefined {
  if (/^[a-z][a-z0-9+.-]*:|\/\/|\.\.|%/i.test(text)) {
    const fix = 'write /set({{input.id}})';
    place.site.error('M108', 'a path stays below the Web API’s address, without "//", ".." and "%"', { fix });
    return undefined;
  }
  return compileTemplate(text, { locate: locatePathHoles, needed: true }, place);
}
