import type { Position } from '../../model/template.ts';
import type { HoleFault, Located } from './located.ts';

/**
 * Finds where each hole of a path stands: `['/incidents(', ')']`. In parentheses it is a key (or a function's
 * parameter), between slashes a segment of its own.
 */
export function locatePathHoles(parts: readonly string[]): Located {
  const faults: HoleFault[] = [];
  const positions: Position[] = [];
  const state = { open: false, quoted: false };
  if (!parts[0]?.startsWith('/')) {
    faults.push({ message: 'A path begins with "/".', at: { kind: 'part', index: 0, start: 0, end: 0 } });
  }
  parts.forEach((part, index) => {
    for (const [offset, sign] of part.split('').entries()) {
      step(state, sign);
      const message = signFault(state, sign);
      if (message) faults.push({ message, at: { kind: 'part', index, start: offset, end: offset + 1 } });
    }
    if (index === parts.length - 1) return;
    const located = locate(state, part, parts[index + 1]!);
    if (typeof located === 'string') positions.push(located);
    else faults.push({ ...located, at: { kind: 'hole', index } });
  });
  const [index, end] = [parts.length - 1, parts.at(-1)?.length ?? 0];
  if (state.open)
    faults.push({ message: 'A parenthesis is never closed.', at: { kind: 'part', index, start: end, end } });
  return faults.length === 0 ? { ok: true, positions } : { ok: false, faults };
}

interface State {
  open: boolean;
  quoted: boolean;
}

function step(state: State, sign: string): void {
  if (state.open && sign === "'") state.quoted = !state.quoted;
  if (state.quoted) return;
  if (sign === '(') state.open = true;
  if (sign === ')') state.open = false;
}

function signFault({ quoted }: State, sign: string): string | undefined {
  if (quoted) return undefined;
  if (sign === '?') return 'A path has no query: put its options under "query".';
  return /[\s#\\]/.test(sign) ? 'This sign cannot stand in a path.' : undefined;
}

function locate({ open, quoted }: State, before: string, after: string): Position | Omit<HoleFault, 'at'> {
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
