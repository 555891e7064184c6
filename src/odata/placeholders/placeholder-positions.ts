import { omitUndefined } from '../../model/omit-undefined.ts';
import type { PlaceholderPosition } from '../../model/template.ts';
import type { ParseDiagnostic } from '../query/ast.ts';

/** An error in a template: at one of its placeholders, or in one of its static parts. */
export interface PlaceholderDiagnostic {
  readonly message: string;
  readonly fix?: string;
  readonly at:
    | { readonly kind: 'placeholder'; readonly index: number }
    | { readonly kind: 'part'; readonly index: number; readonly start: number; readonly end: number };
}

/** The position of each placeholder, in order, or all errors. */
export type PlaceholderPositions =
  | { readonly ok: true; readonly positions: readonly PlaceholderPosition[] }
  | { readonly ok: false; readonly diagnostics: readonly PlaceholderDiagnostic[] };

/** A template with a parameter alias (`@placeholder0`) in place of each placeholder. */
export interface SampleText {
  readonly text: string;
  readonly placeholders: readonly { readonly name: string; readonly start: number; readonly end: number }[];
}

/** Joins n + 1 static parts with n aliases. */
export function fillPlaceholders(
  parts: readonly string[],
  nameOf = (index: number) => `@placeholder${index}`,
): SampleText {
  let text = parts[0] ?? '';
  const placeholders = parts.slice(1).map((part, index) => {
    const name = nameOf(index);
    const start = text.length;
    text += name + part;
    return { name, start, end: start + name.length };
  });
  return { text, placeholders };
}

/** Converts an error in the filled text to an error at its placeholder or in its part. */
export function toPlaceholderDiagnostic(
  { placeholders }: SampleText,
  diagnostic: ParseDiagnostic,
): PlaceholderDiagnostic {
  const { message, fix, start, end } = diagnostic;
  const base = omitUndefined({ message, fix });
  const inside = placeholders.findIndex(
    (placeholder) => placeholder.start <= start && start < placeholder.end,
  );
  if (inside >= 0) return { ...base, at: { kind: 'placeholder', index: inside } };
  const index = placeholders.filter((placeholder) => placeholder.end <= start).length;
  const from = placeholders[index - 1]?.end ?? 0;
  const until = placeholders[index]?.start ?? Number.POSITIVE_INFINITY;
  return { ...base, at: { kind: 'part', index, start: start - from, end: Math.min(end, until) - from } };
}
