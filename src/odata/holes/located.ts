import type { Position } from '../../model/template.ts';
import type { Fault } from '../query/ast.ts';

/** Something wrong with a template: at one of its holes, or in the text of one of its parts. */
export interface HoleFault {
  readonly message: string;
  readonly fix?: string;
  readonly at:
    | { readonly kind: 'hole'; readonly index: number }
    | { readonly kind: 'part'; readonly index: number; readonly start: number; readonly end: number };
}

/** The position of each hole, in order; or everything that is wrong. */
export type Located =
  | { readonly ok: true; readonly positions: readonly Position[] }
  | { readonly ok: false; readonly faults: readonly HoleFault[] };

/** A template with a stand-in of the query language (`@hole0`) for each hole. */
export interface FilledText {
  readonly text: string;
  readonly holes: readonly { readonly name: string; readonly start: number; readonly end: number }[];
}

/** Joins n + 1 static parts with n stand-ins. */
export function fillHoles(parts: readonly string[], nameOf = (index: number) => `@hole${index}`): FilledText {
  let text = parts[0] ?? '';
  const holes = parts.slice(1).map((part, index) => {
    const name = nameOf(index);
    const start = text.length;
    text += name + part;
    return { name, start, end: start + name.length };
  });
  return { text, holes };
}

/** Brings a fault in a filled text back to the hole or the part where it lies. */
export function placeFault({ holes }: FilledText, fault: Fault): HoleFault {
  const { message, fix, start, end } = fault;
  const said = { message, ...(fix === undefined ? {} : { fix }) };
  const inside = holes.findIndex((hole) => hole.start <= start && start < hole.end);
  if (inside >= 0) return { ...said, at: { kind: 'hole', index: inside } };
  const index = holes.filter((hole) => hole.end <= start).length;
  const from = index === 0 ? 0 : holes[index - 1]!.end;
  const until = holes[index]?.start ?? Number.POSITIVE_INFINITY;
  return { ...said, at: { kind: 'part', index, start: start - from, end: Math.min(end, until) - from } };
}
