import { ConnectorError } from '../errors/connector-error.ts';
import type { MetadataTable, MetadataTableSummary } from '../model/metadata.ts';
import type { MetadataSource } from './metadata-service.ts';

const format = 'dynamics365-metadata/2';

/** The first line of a snapshot. */
interface SnapshotHeader {
  readonly format: typeof format;
  /** The origin of the environment. */
  readonly origin: string;
  /** The time of the snapshot, RFC 3339. */
  readonly takenAt: string;
  /** The tables, in the order of the following lines. */
  readonly tables: readonly MetadataTableSummary[];
}

/** Writes a snapshot: a header, then one line of JSON for each table, so that a reader parses only the tables it needs. */
export function writeSnapshot(
  source: { origin: string; takenAt: string },
  tables: readonly MetadataTable[],
): string {
  const names = tables.map(({ name, entitySet, title, plural }) => ({ name, entitySet, title, plural }));
  const header: SnapshotHeader = { format, ...source, tables: names };
  return `${[header, ...tables].map((line) => JSON.stringify(line)).join('\n')}\n`;
}

/** Reads a snapshot as a source of metadata. Throws SETTING_INVALID if the text is not a snapshot of this format. */
export function readSnapshot(text: string): MetadataSource {
  const lines = text.split('\n');
  const header = parse(lines[0] ?? '') as Partial<SnapshotHeader> | undefined;
  if (header?.format !== format || header.tables === undefined) {
    throw new ConnectorError(
      'SETTING_INVALID',
      'The file is not a metadata snapshot of the current format.',
      {
        advice: 'Write a new snapshot with `d365 metadata pull`.',
      },
    );
  }
  const lineNumbers = new Map(header.tables.map(({ name }, index) => [name, index + 1]));
  const read = new Map<string, MetadataTable | undefined>();
  const { tables } = header;
  return {
    origin: header.origin ?? '',
    isPartial: true,
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
