import type { PlaceholderPosition } from '../../model/template.ts';
import type { ParseDiagnostic } from '../query/ast.ts';

/** Something wrong with a template: at one of its holes, or in the text of one of its parts. */
export interface PlaceholderDiagnostic {
  readonly message: string;
  readonly fix?: string;
  readonly at:
    | { readonly kind: 'hole'; readonly index: number }
    | { readonly kind: 'part'; readonly index: number; readonly start: number; readonly end: number };
}

/** The position of each hole, in order; or everything that is wrong. */
export type PlaceholderPositions =
  | { readonly ok: true; readonly positions: readonly PlaceholderPosition[] }
  | { readonly ok: false; readonly diagnostics: readonly PlaceholderDiagnostic[] };

/** A template with a stand-in of the query language (`@hole0`) for each hole. */
export interface SampleText {
  readonly text: string;
  readonly placeholders: readonly { readonly name: string; readonly start: number; readonly end: number }[];
}

/** Joins n + 1 static parts with n stand-ins. */
export function fillPlaceholders(
  parts: readonly string[],
  nameOf = (index: number) => `@hole${index}`,
): SampleText {
  let text = parts[0] ?? '';
  const placeholders = parts.slice(1).map((part, index) => {
    const name = nameOf(index);
    const start = text.length;
    text += name + part;
    return { name, start, end: start + name.length };
  });
  return { text, placeholders: placeholders };
}

/** Brings a fault in a filled text back to the hole or the part where it lies. */
export function toPlaceholderDiagnostic(
  { placeholders }: SampleText,
  diagnostic: ParseDiagnostic,
): PlaceholderDiagnostic {
  const { message, fix, start, end } = diagnostic;
  const base = { message, ...(fix === undefined ? {} : { fix }) };
  const inside = placeholders.findIndex(
    (placeholder) => placeholder.start <= start && start < placeholder.end,
  );
  if (inside >= 0) return { ...base, at: { kind: 'hole', index: inside } };
  const index = placeholders.filter((placeholder) => placeholder.end <= start).length;
  const from = index === 0 ? 0 : placeholders[index - 1]!.end;
  const until = placeholders[index]?.start ?? Number.POSITIVE_INFINITY;
  return { ...base, at: { kind: 'part', index, start: start - from, end: Math.min(end, until) - from } };
}
