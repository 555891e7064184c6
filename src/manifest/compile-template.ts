import { toDiagnosticMessage } from '../errors/to-diagnostic-message.ts';
import type { Placeholder, PlaceholderPosition, Template } from '../model/template.ts';
import type { PlaceholderPositions } from '../odata/placeholders/placeholder-positions.ts';
import { type ParsedPlaceholder, parseTemplate } from '../template/parse-template.ts';
import { checkPlaceholderType } from './check-placeholder-type.ts';
import { type PlaceholderScope, resolvePlaceholderType } from './placeholder-scope.ts';
import type { SourceNode } from './source-node.ts';

/** What the place of a template asks of its holes. */
export interface TemplateRules {
  /** Says where each hole stands: from the scanners of the query language, or one position for all. */
  readonly locate: ((staticParts: readonly string[]) => PlaceholderPositions) | PlaceholderPosition;
  /** In a path or header nothing may be absent: there is no request without it. */
  readonly required?: boolean;
}

/** Compiles a text with holes; undefined after a fault. Every fault of the text is reported. */
export function compileTemplate(
  text: string,
  rules: TemplateRules,
  { node, scope }: { node: SourceNode; scope: PlaceholderScope },
): Template | undefined {
  const placeholders = readPlaceholders(text, node);
  if (placeholders === undefined) return undefined;
  const positions = locatePositions(text, placeholders, { rules: rules, node });
  if (positions === undefined) return undefined;
  let placeholder = 0;
  const parts = placeholders.map((part) => {
    if (typeof part === 'string') return part;
    return compilePlaceholder(part, text, {
      node,
      scope,
      position: positions[placeholder++]!,
      required: rules.required === true,
    });
  });
  const complete = parts.filter((part): part is string | Placeholder => part !== undefined);
  return complete.length === parts.length ? { parts: complete } : undefined;
}

/** A text that may not have holes: titles, names, the static words of a query. */
export function rejectPlaceholders(text: string, node: SourceNode): void {
  if (!text.includes('{{')) return;
  node.error('T109', 'there are no holes here', { text: '{{', fix: 'write the words out' });
}

/** The one hole that the whole text consists of. */
export function readSolePlaceholder(text: string): ParsedPlaceholder | undefined {
  const { parts } = parseTemplate(text);
  return parts.length === 1 && typeof parts[0] === 'object' ? parts[0] : undefined;
}

/** The parts of a text, its faults reported. */
export function readPlaceholders(
  text: string,
  node: SourceNode,
): readonly (string | ParsedPlaceholder)[] | undefined {
  const { parts, diagnostics } = parseTemplate(text);
  for (const { severity, code, message, start, end, fix } of diagnostics) {
    node[severity](code, message, { text: text.slice(start, end), fix });
  }
  return diagnostics.some(({ severity }) => severity === 'error') ? undefined : parts;
}

function locatePositions(
  text: string,
  parts: readonly (string | ParsedPlaceholder)[],
  { rules, node }: { rules: TemplateRules; node: SourceNode },
): readonly PlaceholderPosition[] | undefined {
  const placeholders = parts.filter((part): part is ParsedPlaceholder => typeof part === 'object');
  const { locate: rule } = rules;
  if (typeof rule === 'string') return placeholders.map(() => rule);
  const statics = staticParts(text, placeholders);
  const located = rule(statics);
  if (located.ok) return located.positions;
  for (const { at, message, fix } of located.diagnostics) {
    const placeholder = at.kind === 'hole' ? placeholders[at.index] : undefined;
    const aim = placeholder ? text.slice(placeholder.start, placeholder.end) : selectText(statics, at);
    node.error(placeholder ? 'T106' : 'Q101', toDiagnosticMessage(message), {
      text: aim,
      fix: fix && toDiagnosticMessage(fix),
    });
  }
  return undefined;
}

function selectText(statics: readonly string[], at: { index: number; start?: number; end?: number }): string {
  const part = statics[at.index] ?? '';
  const piece = part.slice(at.start, at.end);
  return piece.trim() === '' ? part.trim() : piece;
}

/** n + 1 static parts around n holes, empty ones included. */
function staticParts(text: string, placeholders: readonly ParsedPlaceholder[]): readonly string[] {
  const starts = [0, ...placeholders.map((placeholder) => placeholder.end)];
  return starts.map((start, index) => text.slice(start, placeholders[index]?.start));
}

interface PlaceholderContext {
  readonly node: SourceNode;
  readonly scope: PlaceholderScope;
  readonly position: PlaceholderPosition;
  readonly required: boolean;
}

function compilePlaceholder(
  placeholder: ParsedPlaceholder,
  text: string,
  { node, scope, position, required }: PlaceholderContext,
): Placeholder | undefined {
  const raw = text.slice(placeholder.start, placeholder.end);
  const found = resolvePlaceholderType(placeholder.path, { node, scope, raw });
  if (found === undefined) return undefined;
  const refused = checkPlaceholderType(found.type, position);
  if (refused !== undefined) {
    node.error(refused.code, `${raw}: ${refused.message}`, { text: raw, fix: refused.fix });
    return undefined;
  }
  if (required && !found.alwaysPresent) {
    const fix = `add "${placeholder.path[1]}" to required, or give it a default`;
    node.error('T108', `${raw}: it may be absent, and there is no request without it`, { text: raw, fix });
    return undefined;
  }
  return { path: placeholder.path, type: found.type, position };
}
