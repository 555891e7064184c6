const maxLength = 500;

/**
 * The sentence in a server's message: without the .NET stack and the wrappings of inner exceptions, without
 * anything that looks like a token, in one line of at most 500 characters.
 */
export function sanitizeServerMessage(message: string): string {
  const withoutStack = message.split(/\r?\n\s+at /, 1)[0] ?? '';
  const inner = withoutStack.split(/-+>\s*InnerException\s*:\s*(?:[\w.]+:\s*)?/).at(-1) ?? '';
  const oneLine = inner
    .replace(/\bBearer\s+\S+/gi, 'Bearer [redacted]')
    .replace(/\beyJ[\w-]+(?:\.[\w-]*)+/g, '[redacted]')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return oneLine.length > maxLength ? `${oneLine.slice(0, maxLength - 1)}…` : oneLine;
}
