import { ConnectorError } from '../errors/connector-error.ts';
import type { MetadataName, MetadataTable } from '../model/metadata.ts';
import type { MetadataSource } from './service.ts';

/** The first line of a snapshot. */
interface Header {
  readonly format: 'dynamics365-metadata/1';
  /** The environment it was taken from. */
  readonly origin: string;
  /** RFC 3339. */
  readonly at: string;
  /** The tables, in the order of the lines that follow. */
  readonly tables: readonly MetadataName[];
}

/** Tables as text, one a line below a header: a reader needs to understand only the lines it asks for. */
export function writeSnapshot(
  about: { origin: string; at: string },
  tables: readonly MetadataTable[],
): string {
  const names = tables.map(({ name, set, title, plural }) => ({ name, set, title, plural }));
  const header: Header = { format: 'dynamics365-metadata/1', ...about, tables: names };
  return `${[header, ...tables].map((line) => JSON.stringify(line)).join('\n')}\n`;
}

/** A snapshot as a source of tables, without any network. SETTING_INVALID when the text is none. */
export function readSnapshot(text: string): MetadataSource {
  const lines = text.split('\n');
  const header = parse(lines[0] ?? '') as Partial<Header> | undefined;
  if (header?.format !== 'dynamics365-metadata/1' || header.tables === undefined) {
    throw new ConnectorError('SETTING_INVALID', 'The file is not a metadata snapshot.', {
      advice: 'Take one with `d365 metadata pull`.',
    });
  }
  const places = new Map(header.tables.map(({ name }, index) => [name, index + 1]));
  const read = new Map<string, MetadataTable | undefined>();
  const { tables } = header;
  return {
    origin: header.origin ?? '',
    names: async () => tables,
    operations: async () => undefined,
    async table(name) {
      if (!read.has(name))
        read.set(name, parse(lines[places.get(name) ?? -1] ?? '') as MetadataTable | undefined);
      return read.get(name);
    },
  };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
