import type { Exchange } from '../exchange.ts';
import { isObject } from '../json-text.ts';
import { type Difference, difference, show } from './difference.ts';
import { compareMembers } from './objects.ts';

/** Compares code, message and annotations of an error. */
export function compareErrors(
  exchange: Exchange,
  expected: Record<string, unknown>,
  found: unknown,
): readonly Difference[] {
  if (!isObject(found)) return [difference('members', '/error is missing')];
  // Organizations before 2023 sent the code 0x0 and an inner error.
  const { code, message, innererror: _, ...others } = expected;
  const { code: foundCode, message: foundMessage, ...foundOthers } = found;
  const isOld = code === null || code === '' || code === '0x0';
  return [
    ...(isOld || code === foundCode
      ? []
      : [difference('error code', `code ${show(foundCode)} instead of ${show(code)}`)]),
    ...(matches(String(message), String(foundMessage))
      ? []
      : [difference('error message', `message ${show(foundMessage)} instead of ${show(message)}`)]),
    ...compareMembers(exchange, '/error', [others, foundOthers]),
  ];
}

/** Whether a text has all quoted pieces in their order; `…` stands for what was not quoted. */
function matches(expected: string, found: string): boolean {
  const pieces = expected.split('…');
  if (pieces.length === 1) return expected === found;
  let from = 0;
  return pieces.every((piece) => {
    const at = found.indexOf(piece, from);
    from = at + piece.length;
    return at >= 0;
  });
}
