import type { PlaceholderPosition } from '../../model/template.ts';
import type { PlaceholderDiagnostic, PlaceholderPositions } from './placeholder-positions.ts';

/**
 * Finds the position of each placeholder in a path: `['/incidents(', ')']`. In parentheses it is a key (or a parameter of
 * a function), between slashes it is a path segment.
 */
export function locatePathPlaceholders(parts: readonly string[]): PlaceholderPositions {
  const diagnostics: PlaceholderDiagnostic[] = [];
  const positions: PlaceholderPosition[] = [];
  const state = { open: false, quoted: false };
  if (!parts[0]?.startsWith('/')) {
    diagnostics.push({
      message: 'A path begins with "/".',
      fix: 'Write "/" at its beginning.',
      at: { kind: 'part', index: 0, start: 0, end: 0 },
    });
  }
  parts.forEach((part, index) => {
    for (const [offset, character] of part.split('').entries()) {
      advance(state, character);
      const problem = explainCharacter(state, character);
      if (problem)
        diagnostics.push({ ...problem, at: { kind: 'part', index, start: offset, end: offset + 1 } });
    }
    if (index === parts.length - 1) return;
    const located = locatePlaceholder(state, part, parts[index + 1] ?? '');
    if (typeof located === 'string') positions.push(located);
    else diagnostics.push({ ...located, at: { kind: 'placeholder', index } });
  });
  const [index, end] = [parts.length - 1, parts.at(-1)?.length ?? 0];
  if (state.open)
    diagnostics.push({
      message: 'A parenthesis is never closed.',
      fix: 'Add ")" where the key ends.',
      at: { kind: 'part', index, start: end, end },
    });
  return diagnostics.length === 0 ? { ok: true, positions } : { ok: false, diagnostics };
}

interface PathState {
  open: boolean;
  quoted: boolean;
}

function advance(state: PathState, character: string): void {
  if (state.open && character === "'") state.quoted = !state.quoted;
  if (state.quoted) return;
  if (character === '(') state.open = true;
  if (character === ')') state.open = false;
}

function explainCharacter(
  { quoted }: PathState,
  character: string,
): Pick<PlaceholderDiagnostic, 'message' | 'fix'> | undefined {
  if (quoted) return undefined;
  if (character === '?')
    return { message: 'A path has no query.', fix: 'Write the options under "query": { $top: "1" }.' };
  if (!/[\s#\\]/.test(character)) return undefined;
  return { message: 'This character is not allowed in a path.', fix: 'Remove it.' };
}

function locatePlaceholder(
  { open, quoted }: PathState,
  before: string,
  after: string,
): PlaceholderPosition | Omit<PlaceholderDiagnostic, 'at'> {
  if (quoted)
    return {
      message: 'A placeholder is not allowed between quotes.',
      fix: 'Remove the quotes; they are added automatically.',
    };
  if (open) {
    const whole = /[(,=]$/.test(before) && /^[),]/.test(after);
    return whole
      ? 'key'
      : {
          message: 'A placeholder is a whole key, not a part of one.',
          fix: 'Write ({{input.id}}) or (name={{input.name}}).',
        };
  }
  if (before.endsWith('/') && /^(?:\/|\(|$)/.test(after)) return 'segment';
  return {
    message: 'A placeholder is a whole path segment or, in parentheses, a key.',
    fix: 'Write /set({{input.id}}).',
  };
}
