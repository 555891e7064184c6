import { ConnectorError } from '../errors/connector-error.ts';
import type { MetadataTable, MetadataTableSummary } from '../model/metadata.ts';
import type { MetadataSource } from './metadata-service.ts';

/** The first line of a snapshot. */
interface SnapshotHeader {
  readonly format: 'dynamics365-metadata/2';
  /** The environment it was taken from. */
  readonly origin: string;
  /** RFC 3339. */
  readonly takenAt: string;
  /** The tables, in the order of the lines that follow. */
  readonly tables: readonly MetadataTableSummary[];
}

/** Tables as text, one a line below a header: a reader needs to understand only the lines it asks for. */
export function writeSnapshot(
  about: { origin: string; takenAt: string },
  tables: readonly MetadataTable[],
): string {
  const names = tables.map(({ name, entitySet, title, plural }) => ({ name, entitySet, title, plural }));
  const header: SnapshotHeader = { format: 'dynamics365-metadata/2', ...about, tables: names };
  return `${[header, ...tables].map((line) => JSON.stringify(line)).join('\n')}\n`;
}

/** A snapshot as a source of tables, without any network. SETTING_INVALID when the text is none. */
export function readSnapshot(text: string): MetadataSource {
  const lines = text.split('\n');
  const header = parse(lines[0] ?? '') as Partial<SnapshotHeader> | undefined;
  if (header?.format !== 'dynamics365-metadata/2' || header.tables === undefined) {
    throw new ConnectorError('SETTING_INVALID', 'The file is not a metadata snapshot.', {
      advice: 'Take one with `d365 metadata pull`.',
    });
  }
  const lineNumbers = new Map(header.tables.map(({ name }, index) => [name, index + 1]));
  const read = new Map<string, MetadataTable | undefined>();
  const { tables } = header;
  return {
    origin: header.origin ?? '',
    listTables: async () => tables,
    getOperations: async () => undefined,
    async getTable(name) {
      if (!read.has(name))
        read.set(name, parse(lines[lineNumbers.get(name) ?? -1] ?? '') as MetadataTable | undefined);
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
