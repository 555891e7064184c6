import { removeControls } from '../model/control-characters.ts';

const maxLength = 500;
/** What is read of a message at most. */
const maxRead = 20_000;

/**
 * Returns the readable part of a server message in one line of at most 500 characters: without .NET stack and outer
 * exceptions, and with everything that looks like a token redacted.
 */
export function sanitizeServerMessage(message: string): string {
  // Each expression below takes time in proportion to the text; see test/integration/linear-time.test.ts.
  const withoutStack = message.slice(0, maxRead).split(/\r?\n[ \t]+at /, 1)[0] ?? '';
  const inner = withoutStack.split(/->\s*InnerException\s*:\s*(?:[\w.]+:\s*)?/).at(-1) ?? '';
  const oneLine = removeControls(inner.replace(/\s+/g, ' '))
    .replace(/\bBearer\s+\S+/gi, 'Bearer [redacted]')
    .replace(/(?<![\w-])eyJ[\w-]+(?:\.[\w-]*)*/g, '[redacted]')
    .replace(/\s+/g, ' ')
    .trim();
  return oneLine.length > maxLength ? `${oneLine.slice(0, maxLength - 1)}…` : oneLine;
}
