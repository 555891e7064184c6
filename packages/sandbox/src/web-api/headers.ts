/** A header by name, ignoring case. Some clients send `If-None-Match: null`; that counts as absent. */
export function getHeader(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  const lowerName = name.toLowerCase();
  for (const [key, value] of Object.entries(headers)) {
    if (key.toLowerCase() === lowerName) {
      const text = value.trim();
      return text === '' || text.toLowerCase() === 'null' ? undefined : text;
    }
  }
  return undefined;
}
