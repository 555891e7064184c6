/** A header by name, whatever its case; Dataverse's clients send `If-None-Match: null`, which says nothing. */
export function header(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (const [key, value] of Object.entries(headers)) {
    if (key.toLowerCase() === wanted) {
      const text = value.trim();
      return text === '' || text.toLowerCase() === 'null' ? undefined : text;
    }
  }
  return undefined;
}
