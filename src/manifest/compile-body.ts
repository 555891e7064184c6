import type { Json } from '../model/json.ts';
import type { BodyTemplate, Slot } from '../model/template.ts';
import { locatePathHoles } from '../odata/holes/path-holes.ts';
import type { Place } from './compile-query.ts';
import { complete } from './complete.ts';
import { compileTemplate, readHoles, type Slots, wholeHole } from './holes.ts';

/** A body in Dataverse's words: JSON whose strings may have holes; undefined after a fault. */
export function compileBody(value: Json, { site, scope }: Place, key = ''): BodyTemplate | undefined {
  if (typeof value === 'string') return compileText(value, { site, scope }, key);
  if (value === null || typeof value !== 'object') return { kind: 'literal', value };
  if (Array.isArray(value)) {
    const items = complete(
      value.map((item: Json, index) => compileBody(item, { site: site.at(index), scope }, key)),
    );
    return items && { kind: 'array', items };
  }
  const entries = complete(
    Object.entries(value).map(([name, inner]) => {
      const body = compileBody(inner as Json, { site: site.at(name), scope }, name);
      return body && ([name, body] as const);
    }),
  );
  return entries && { kind: 'object', entries };
}

function compileText(text: string, { site, scope }: Place, key: string): BodyTemplate | undefined {
  const parts = readHoles(text, site);
  if (parts === undefined) return undefined;
  if (parts.every((part) => typeof part === 'string')) return { kind: 'literal', value: text };
  const hole = wholeHole(text);
  const locate = placeOf(key, hole !== undefined);
  const template = compileTemplate(text, { locate }, { site, scope });
  if (template === undefined) return undefined;
  if (key === '@odata.id') return { kind: 'text', template: { parts: [apiUrl, ...template.parts] } };
  if (locate === 'json') return { kind: 'slot', slot: template.parts[0] as Slot };
  return { kind: 'text', template };
}

/** A reference names its row by its whole URL. */
const apiUrl: Slot = { path: ['api', 'url'], type: { kind: 'string' }, position: 'text' };

/** A whole lookup knows its row's path; a binding that is written out is a path with a key. */
function placeOf(key: string, isWhole: boolean): Slots['locate'] {
  if (key.endsWith('@odata.bind') || key === '@odata.id') return isWhole ? 'bind' : locatePathHoles;
  return isWhole ? 'json' : 'text';
}
