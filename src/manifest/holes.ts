import { sentence } from '../errors/sentence.ts';
import type { Position, Slot, Template } from '../model/template.ts';
import type { Located } from '../odata/holes/located.ts';
import { type Hole, parseTemplate } from '../template/parse.ts';
import { refusal } from './acceptance.ts';
import { findValue, type Scope } from './scope.ts';
import type { Site } from './site.ts';

/** What the place of a template asks of its holes. */
export interface Slots {
  /** Says where each hole stands: from the scanners of the query language, or one position for all. */
  readonly locate: ((staticParts: readonly string[]) => Located) | Position;
  /** In a path or header nothing may be absent: there is no request without it. */
  readonly needed?: boolean;
}

/** Compiles a text with holes; undefined after a fault. Every fault of the text is reported. */
export function compileTemplate(
  text: string,
  slots: Slots,
  { site, scope }: { site: Site; scope: Scope },
): Template | undefined {
  const holes = readHoles(text, site);
  if (holes === undefined) return undefined;
  const positions = locate(text, holes, { slots, site });
  if (positions === undefined) return undefined;
  let hole = 0;
  const parts = holes.map((part) => {
    if (typeof part === 'string') return part;
    return compileHole(part, text, {
      site,
      scope,
      position: positions[hole++]!,
      needed: slots.needed === true,
    });
  });
  const complete = parts.filter((part): part is string | Slot => part !== undefined);
  return complete.length === parts.length ? { parts: complete } : undefined;
}

/** A text that may not have holes: titles, names, the static words of a query. */
export function refuseHoles(text: string, site: Site): void {
  if (!text.includes('{{')) return;
  site.error('T109', 'there are no holes here', { text: '{{', fix: 'write the words out' });
}

/** The one hole that the whole text consists of. */
export function wholeHole(text: string): Hole | undefined {
  const { parts } = parseTemplate(text);
  return parts.length === 1 && typeof parts[0] === 'object' ? parts[0] : undefined;
}

/** The parts of a text, its faults reported. */
export function readHoles(text: string, site: Site): readonly (string | Hole)[] | undefined {
  const { parts, faults } = parseTemplate(text);
  for (const { severity, code, message, start, end, fix } of faults) {
    site[severity](code, message, { text: text.slice(start, end), fix });
  }
  return faults.some(({ severity }) => severity === 'error') ? undefined : parts;
}

function locate(
  text: string,
  parts: readonly (string | Hole)[],
  { slots, site }: { slots: Slots; site: Site },
): readonly Position[] | undefined {
  const holes = parts.filter((part): part is Hole => typeof part === 'object');
  const { locate: rule } = slots;
  if (typeof rule === 'string') return holes.map(() => rule);
  const statics = staticParts(text, holes);
  const located = rule(statics);
  if (located.ok) return located.positions;
  for (const { at, message, fix } of located.faults) {
    const hole = at.kind === 'hole' ? holes[at.index] : undefined;
    const aim = hole ? text.slice(hole.start, hole.end) : pieceOf(statics, at);
    site.error(hole ? 'T106' : 'Q101', sentence(message), { text: aim, fix: fix && sentence(fix) });
  }
  return undefined;
}

function pieceOf(statics: readonly string[], at: { index: number; start?: number; end?: number }): string {
  const part = statics[at.index] ?? '';
  const piece = part.slice(at.start, at.end);
  return piece.trim() === '' ? part.trim() : piece;
}

/** n + 1 static parts around n holes, empty ones included. */
function staticParts(text: string, holes: readonly Hole[]): readonly string[] {
  const starts = [0, ...holes.map((hole) => hole.end)];
  return starts.map((start, index) => text.slice(start, holes[index]?.start));
}

interface HoleContext {
  readonly site: Site;
  readonly scope: Scope;
  readonly position: Position;
  readonly needed: boolean;
}

function compileHole(
  hole: Hole,
  text: string,
  { site, scope, position, needed }: HoleContext,
): Slot | undefined {
  const raw = text.slice(hole.start, hole.end);
  const found = findValue(hole.path, { site, scope, raw });
  if (found === undefined) return undefined;
  const refused = refusal(found.type, position);
  if (refused !== undefined) {
    site.error(refused.code, `${raw}: ${refused.message}`, { text: raw, fix: refused.fix });
    return undefined;
  }
  if (needed && !found.present) {
    const fix = `add "${hole.path[1]}" to required, or give it a default`;
    site.error('T108', `${raw}: it may be absent, and there is no request without it`, { text: raw, fix });
    return undefined;
  }
  return { path: hole.path, type: found.type, position };
}
