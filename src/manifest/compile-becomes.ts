import type { Json, JsonObject } from '../model/json.ts';
import type { BodyTemplate, SlotType } from '../model/template.ts';
import { complete } from './complete.ts';
import { readHoles, wholeHole } from './holes.ts';
import { findValue, type Scope } from './scope.ts';
import type { Site } from './site.ts';
import type { CompiledTable, Workshop } from './workshop.ts';

interface Context {
  readonly site: Site;
  readonly scope: Scope;
  readonly shop: Workshop;
  readonly table: CompiledTable;
}

/** What the columns of `becomes`, all known, must hold: a value, `*`, or one hole; undefined after a fault. */
export function compileBecomes(becomes: JsonObject, context: Context): BodyTemplate | undefined {
  const entries = complete(
    Object.entries(becomes).map(([name, value]) => {
      const body = compileValue(value, name, { ...context, site: context.site.at(name) });
      return body && ([name, body] as const);
    }),
  );
  return entries && { kind: 'object', entries };
}

function compileValue(value: Json, name: string, context: Context): BodyTemplate | undefined {
  const { site, shop, table } = context;
  const { input, type } = table.properties.get(name)!;
  if (typeof value === 'string' && value.includes('{{')) return compileHole(value, type, context);
  const issues = value === '*' ? [] : shop.validator.issues(input, value);
  for (const { message } of issues) site.error('S112', `the value ${message}`);
  return issues.length === 0 ? { kind: 'literal', value } : undefined;
}

function compileHole(raw: string, type: SlotType, { site, scope }: Context): BodyTemplate | undefined {
  if (readHoles(raw, site) === undefined) return undefined;
  const hole = wholeHole(raw);
  if (hole === undefined) {
    site.error('T106', 'a column becomes one whole value', { fix: 'write one hole, or the value itself' });
    return undefined;
  }
  const found = findValue(hole.path, { site, scope, raw });
  if (found === undefined) return undefined;
  // A lookup is named by its id, or by the name that people see.
  const fits = type.kind === 'lookup' ? ['uuid', 'string'] : [type.kind];
  if (!fits.includes(found.type.kind)) {
    site.error('T105', `${raw}: a ${type.kind} does not become a ${found.type.kind}`, { text: raw });
    return undefined;
  }
  return { kind: 'slot', slot: { path: hole.path, type: { kind: 'any' }, position: 'json' } };
}
