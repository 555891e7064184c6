import { toDiagnosticMessage } from '../../errors/to-diagnostic-message.ts';
import type { Placeholder, PlaceholderPosition, Template } from '../../model/template.ts';
import type { PlaceholderPositions } from '../../odata/placeholders/placeholder-positions.ts';
import { type ParsedPlaceholder, parseTemplate } from '../../template/parse-template.ts';
import type { SourceNode } from '../read/source-node.ts';
import { allDefined } from './all-defined.ts';
import { checkPlaceholderType, withArticle } from './check-placeholder-type.ts';
import { type PlaceholderScope, resolvePlaceholderType } from './placeholder-scope.ts';

/** The rules for the placeholders of a template, by where the template is used. */
export interface TemplateRules {
  /** Finds the position of each placeholder, or is the position of all of them. */
  readonly locate: ((staticParts: readonly string[]) => PlaceholderPositions) | PlaceholderPosition;
  /** In a path or header every value is required: there is no request without it. */
  readonly required?: boolean;
}

/** Compiles a text with placeholders; undefined if it has errors, all of which are reported. */
export function compileTemplate(
  text: string,
  rules: TemplateRules,
  { node, scope }: { node: SourceNode; scope: PlaceholderScope },
): Template | undefined {
  const parts = readPlaceholders(text, node);
  if (parts === undefined) return undefined;
  const positions = locatePositions(text, parts, { rules, node });
  if (positions === undefined) return undefined;
  const required = rules.required === true;
  const compiled = allDefined(
    parts.map((part) => {
      if (typeof part === 'string') return part;
      const position = positions.get(part);
      return position && compilePlaceholder(part, text, { node, scope, position, required });
    }),
  );
  return compiled && checkRowIds(compiled, node) ? { parts: compiled } : undefined;
}

/** Checks that a key without a name, `/accounts({{input.id}})`, is an id. */
function checkRowIds(parts: Template['parts'], node: SourceNode): boolean {
  return parts
    .map((part, index) => {
      if (typeof part === 'string' || part.position !== 'key' || part.type.kind === 'uuid') return true;
      const [before, after] = [parts[index - 1], parts[index + 1]];
      if (typeof before !== 'string' || typeof after !== 'string') return true;
      if (!before.endsWith('(') || !after.startsWith(')')) return true;
      const raw = `{{${part.path.join('.')}}}`;
      node.error('T105', `${raw}: a row is identified by an id, not by ${withArticle(part.type.kind)}`, {
        text: raw,
        fix: `give the input format: uuid, or name the key: (accountnumber=${raw})`,
      });
      return false;
    })
    .every(Boolean);
}

/** Reports placeholders in a text that must not have any: a title or description. */
export function rejectPlaceholders(text: string, node: SourceNode): void {
  if (!text.includes('{{')) return;
  node.error('T109', 'placeholders are not allowed here', {
    text: '{{',
    fix: 'write the text without placeholders',
  });
}

/** The placeholder that is the whole text; undefined if the text is anything else. */
export function readSolePlaceholder(text: string): ParsedPlaceholder | undefined {
  const { parts } = parseTemplate(text);
  return parts.length === 1 && typeof parts[0] === 'object' ? parts[0] : undefined;
}

/** The parts of a text; undefined if it has errors, which are reported. */
export function readPlaceholders(
  text: string,
  node: SourceNode,
): readonly (string | ParsedPlaceholder)[] | undefined {
  const { parts, diagnostics } = parseTemplate(text);
  for (const { severity, code, message, start, end, fix, replacement } of diagnostics) {
    node[severity](code, message, { text: text.slice(start, end), fix, replacement });
  }
  return diagnostics.some(({ severity }) => severity === 'error') ? undefined : parts;
}

/** The position of each placeholder; undefined if one of them is not allowed where it is, which is reported. */
function locatePositions(
  text: string,
  parts: readonly (string | ParsedPlaceholder)[],
  { rules, node }: { rules: TemplateRules; node: SourceNode },
): ReadonlyMap<ParsedPlaceholder, PlaceholderPosition> | undefined {
  const { locate } = rules;
  const placeholders = parts.filter((part): part is ParsedPlaceholder => typeof part === 'object');
  if (typeof locate === 'string') return new Map(placeholders.map((placeholder) => [placeholder, locate]));
  const statics = staticParts(text, placeholders);
  const located = locate(statics);
  if (located.ok) {
    const { positions } = located;
    return new Map(
      placeholders.flatMap((placeholder, index) => {
        const position = positions[index];
        return position === undefined ? [] : [[placeholder, position] as const];
      }),
    );
  }
  for (const { at, message, fix } of located.diagnostics) {
    const placeholder = at.kind === 'placeholder' ? placeholders[at.index] : undefined;
    const raw = placeholder && text.slice(placeholder.start, placeholder.end);
    const quoted = `'${raw}'`;
    const isQuoted = raw !== undefined && message.includes('between quotes') && text.includes(quoted);
    node.error(placeholder ? 'T106' : 'Q101', toDiagnosticMessage(message), {
      text: isQuoted ? quoted : (raw ?? selectText(statics, at)),
      fix: fix && toDiagnosticMessage(fix),
      replacement: isQuoted ? raw : undefined,
    });
  }
  return undefined;
}

function selectText(statics: readonly string[], at: { index: number; start?: number; end?: number }): string {
  const part = statics[at.index] ?? '';
  const piece = part.slice(at.start, at.end);
  return piece.trim() === '' ? part.trim() : piece;
}

/** The n + 1 static parts around n placeholders, with the empty ones. */
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
  const issue = checkPlaceholderType(found.type, position);
  if (issue !== undefined) {
    node.error(issue.code, `${raw}: ${issue.message}`, { text: raw, fix: issue.fix });
    return undefined;
  }
  if (required && !found.alwaysPresent) {
    const fix = `add "${placeholder.path[1]}" to required, or give it a default`;
    node.error('T108', `${raw}: the value is optional, but it is required here`, { text: raw, fix });
    return undefined;
  }
  return { path: placeholder.path, type: found.type, position };
}
