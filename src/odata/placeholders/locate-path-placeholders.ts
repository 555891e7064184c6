import type { PlaceholderPosition } from '../../model/template.ts';
import type { PlaceholderDiagnostic, PlaceholderPositions } from './placeholder-positions.ts';

/**
 * Finds where each hole of a path stands: `['/incidents(', ')']`. In parentheses it is a key (or a function's
 * parameter), between slashes a segment of its own.
 */
export function locatePathPlaceholders(parts: readonly string[]): PlaceholderPositions {
  const diagnostics: PlaceholderDiagnostic[] = [];
  const positions: PlaceholderPosition[] = [];
  const state = { open: false, quoted: false };
  if (!parts[0]?.startsWith('/')) {
    diagnostics.push({
      message: 'A path begins with "/".',
      at: { kind: 'part', index: 0, start: 0, end: 0 },
    });
  }
  parts.forEach((part, index) => {
    for (const [offset, sign] of part.split('').entries()) {
      advance(state, sign);
      const message = characterMessage(state, sign);
      if (message) diagnostics.push({ message, at: { kind: 'part', index, start: offset, end: offset + 1 } });
    }
    if (index === parts.length - 1) return;
    const located = locatePlaceholder(state, part, parts[index + 1]!);
    if (typeof located === 'string') positions.push(located);
    else diagnostics.push({ ...located, at: { kind: 'hole', index } });
  });
  const [index, end] = [parts.length - 1, parts.at(-1)?.length ?? 0];
  if (state.open)
    diagnostics.push({
      message: 'A parenthesis is never closed.',
      at: { kind: 'part', index, start: end, end },
    });
  return diagnostics.length === 0 ? { ok: true, positions } : { ok: false, diagnostics: diagnostics };
}

interface PathState {
  open: boolean;
  quoted: boolean;
}

function advance(state: PathState, sign: string): void {
  if (state.open && sign === "'") state.quoted = !state.quoted;
  if (state.quoted) return;
  if (sign === '(') state.open = true;
  if (sign === ')') state.open = false;
}

function characterMessage({ quoted }: PathState, sign: string): string | undefined {
  if (quoted) return undefined;
  if (sign === '?') return 'A path has no query: put its options under "query".';
  return /[\s#\\]/.test(sign) ? 'This sign cannot stand in a path.' : undefined;
}

function locatePlaceholder(
  { open, quoted }: PathState,
  before: string,
  after: string,
): PlaceholderPosition | Omit<PlaceholderDiagnostic, 'at'> {
  if (quoted)
    return {
      message: 'A hole cannot stand between quotes.',
      fix: 'Remove the quotes: they are added where needed.',
    };
  if (open) {
    const whole = /[(,=]$/.test(before) && /^[),]/.test(after);
    return whole ? 'key' : { message: 'A hole stands for a whole key, not for a piece of one.' };
  }
  if (before.endsWith('/') && /^(?:\/|\(|$)/.test(after)) return 'segment';
  return {
    message: 'A hole stands for a whole segment or, in parentheses, for a key.',
    fix: 'Write /set({{input.id}}).',
  };
}
