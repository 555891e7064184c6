import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** Rows of a CSV file with a header, as they are read: column -> text. Fields may be quoted, not broken over lines. */
export async function* readCsv(file: string): AsyncGenerator<Readonly<Record<string, string>>> {
  let names: readonly string[] | undefined;
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (line === '') continue;
    const fields = parseCsvLine(line);
    if (names === undefined) names = fields;
    else yield Object.fromEntries(names.map((name, index) => [name, fields[index] ?? '']));
  }
}

/** One line of CSV (RFC 4180). */
export function parseCsvLine(line: string): readonly string[] {
  const fields = `,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return [...fields].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}
