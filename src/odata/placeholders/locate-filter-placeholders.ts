import type { PlaceholderPosition } from '../../model/template.ts';
import type { ParameterAliases, ParseDiagnostic } from '../query/ast.ts';
import { parseFilter } from '../query/parse-filter.ts';
import { type Token, tokenize } from '../query/tokenize.ts';
import {
  fillPlaceholders,
  type PlaceholderPositions,
  toPlaceholderDiagnostic,
} from './placeholder-positions.ts';

/**
 * Finds the position of each placeholder in a `$filter`, and checks the text around them. A placeholder is a whole value,
 * or the whole clause; it is never inside quotes, a part of a name, or a part of a condition.
 *
 * @param parts The n + 1 static parts around n placeholders: `['contains(title, ', ')']`.
 */
export function locateFilterPlaceholders(parts: readonly string[]): PlaceholderPositions {
  if (parts.length === 2 && parts.every((part) => part.trim() === ''))
    return { ok: true, positions: ['condition'] };
  const filled = fillPlaceholders(parts);
  const tokens = tokenize(filled.text);
  const diagnostics: ParseDiagnostic[] = [];
  const positions = filled.placeholders.map((placeholder): PlaceholderPosition => {
    const index = tokens.findIndex((token) => token.start < placeholder.end && token.end > placeholder.start);
    const position = locatePlaceholder(tokens, index, placeholder);
    if (typeof position === 'string') return position;
    diagnostics.push({ ...position, start: placeholder.start, end: placeholder.end });
    return 'filter-value';
  });
  const isPlaceholder = (token: Token) =>
    filled.placeholders.some((placeholder) => placeholder.start === token.start);
  const alias = tokens.find((token) => token.kind === 'alias' && !isPlaceholder(token));
  if (alias)
    diagnostics.push({
      ...alias,
      message: 'Parameter aliases cannot be used in a manifest.',
      fix: 'Use a placeholder.',
    });
  if (diagnostics.length === 0) {
    const samples = new Map(
      filled.placeholders.map(({ name }, index) => [
        name,
        sampleValues[positions[index] ?? 'filter-value'] ?? '0',
      ]),
    );
    diagnostics.push(...parseWithSamples(filled.text, samples));
  }
  if (diagnostics.length === 0) return { ok: true, positions };
  return {
    ok: false,
    diagnostics: diagnostics.map((diagnostic) => toPlaceholderDiagnostic(filled, diagnostic)),
  };
}

/** A valid value for each position, so that the rest of the filter can be parsed. */
const sampleValues: Partial<Record<PlaceholderPosition, string>> = {
  'filter-value': '0',
  'filter-text': "'a'",
  'filter-list': '["a","b"]',
  'filter-name': 'a',
};

function parseWithSamples(text: string, aliases: ParameterAliases): readonly ParseDiagnostic[] {
  const parsed = parseFilter(text, aliases);
  return parsed.ok ? [] : parsed.diagnostics;
}

type PlaceholderMessage = Pick<ParseDiagnostic, 'message' | 'fix'>;

const comparison = /^(?:eq|ne|gt|ge|lt|le)$/;
const textFunction = /^(?:contains|startswith|endswith)$/;

function locatePlaceholder(
  tokens: readonly Token[],
  index: number,
  placeholder: { start: number; end: number },
): PlaceholderPosition | PlaceholderMessage {
  const token = tokens[index];
  if (token === undefined || token.kind === 'string' || token.kind === 'text' || token.kind === 'open') {
    return {
      message: 'A placeholder is not allowed between quotes.',
      fix: 'Remove the quotes; they are added automatically.',
    };
  }
  if (tokens[index - 1]?.text === '[' || tokens[index + 1]?.text === ']') {
    return {
      message: 'A placeholder is a whole list.',
      fix: 'Write PropertyValues={{input.values}}.',
    };
  }
  if (touchesText(tokens, index, placeholder)) {
    return {
      message: 'A placeholder is a whole value, not a part of one.',
      fix: 'Put a space around it.',
    };
  }
  const [before, after] = [tokens[index - 1]?.text ?? '', tokens[index + 1]?.text ?? ''];
  if (comparison.test(before)) return 'filter-value';
  if (comparison.test(after)) return 'filter-name';
  // Outside of a call, "=" is an operator of another language, which the parser reports.
  if (before === '=')
    return findEnclosingCall(tokens, index) === ''
      ? 'filter-value'
      : locateParameter(tokens[index - 2]?.text ?? '');
  if (textFunction.test(findEnclosingCall(tokens, index)))
    return before === '(' ? 'filter-name' : 'filter-text';
  return {
    message: 'A placeholder is a value, not a condition.',
    fix: 'Write column eq {{input.value}}.',
  };
}

/** Whether a placeholder touches text other than white space, parentheses, commas and "=". */
function touchesText(
  tokens: readonly Token[],
  index: number,
  { start, end }: { start: number; end: number },
): boolean {
  const [before, token, after] = [tokens[index - 1], tokens[index], tokens[index + 1]];
  const touches = (other: Token | undefined) => other !== undefined && !/^(?:[(),=]|)$/.test(other.text);
  if (token?.start !== start || token.end !== end) return true;
  return (before?.end === start && touches(before)) || (after?.start === end && touches(after));
}

function locateParameter(name: string): PlaceholderPosition | PlaceholderMessage {
  if (name === 'PropertyValues') return 'filter-list';
  if (/^PropertyValue[12]?$/.test(name)) return 'filter-value';
  return {
    message: `A placeholder is not allowed for ${name || 'this'}.`,
    fix: "Write the column's name: PropertyName='title'.",
  };
}

/** The name of the call that contains a token in its parentheses; "" if there is none. */
function findEnclosingCall(tokens: readonly Token[], index: number): string {
  for (let i = index - 1, open = 0; i >= 0; i--) {
    const text = tokens[i]?.text;
    if (text === ')') open++;
    if (text === '(' && open-- === 0) return tokens[i - 1]?.text ?? '';
  }
  return '';
}
