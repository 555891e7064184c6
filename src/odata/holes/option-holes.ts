import { parseOrderBy, parseSelect } from '../query/columns.ts';
import { locateHoles } from './filter-holes.ts';
import { type FilledText, fillHoles, type HoleFault, type Located, placeFault } from './located.ts';

/**
 * Finds where each hole of a query option stands, by the option's name: `$filter` has holes for values, `$orderby`
 * and `$select` for names, and `$top`, `@alias` and options of our own are one hole as a whole.
 */
export function locateOptionHoles(name: string, parts: readonly string[]): Located {
  if (name === '$filter') return locateHoles(parts);
  if (parts.length === 1) return { ok: true, positions: [] };
  if (name === '$orderby') return locateNames(parts, 'order');
  if (name === '$select') return locateNames(parts, 'select');
  if (name === '$expand' || name === '$apply') {
    return refuseAll(parts, { message: `${name} takes no holes.`, fix: 'Write its columns out.' });
  }
  if (parts.length === 2 && parts.every((part) => part.trim() === ''))
    return { ok: true, positions: ['filter-value'] };
  return refuseAll(parts, { message: `In ${name} the hole must be the whole value.` });
}

function refuseAll(parts: readonly string[], said: Pick<HoleFault, 'message' | 'fix'>): Located {
  return { ok: false, faults: parts.slice(1).map((_, index) => ({ ...said, at: { kind: 'hole', index } })) };
}

/** Each hole is one name: a column, or in `$orderby` also the direction after a column. */
function locateNames(parts: readonly string[], position: 'order' | 'select'): Located {
  const isDirection = (index: number) => position === 'order' && isAfterColumn(parts, index);
  const filled = fillHoles(parts, (index) => (isDirection(index) ? 'asc' : 'a'));
  const glued = gluedHoles(filled);
  if (glued.length > 0) return { ok: false, faults: glued };
  const parsed = position === 'order' ? parseOrderBy(filled.text) : parseSelect(filled.text);
  if (parsed.ok) return { ok: true, positions: filled.holes.map(() => position) };
  return { ok: false, faults: parsed.faults.map((fault) => placeFault(filled, fault)) };
}

/** `name {{hole}}` and `{{hole}} {{hole}}`: what stands before it is not the start and not a comma. */
function isAfterColumn(parts: readonly string[], index: number): boolean {
  const before = parts[index]!.trimEnd();
  return before === '' ? index > 0 : !before.endsWith(',');
}

function gluedHoles({ text, holes }: FilledText): HoleFault[] {
  return holes.flatMap(({ start, end }, index): HoleFault[] => {
    const alone = /(?:^|[\s,])$/.test(text.slice(0, start)) && /^(?:$|[\s,])/.test(text.slice(end));
    if (alone) return [];
    return [
      { message: 'A hole stands for a whole name, not for a piece of one.', at: { kind: 'hole', index } },
    ];
  });
}
