import { isDeepStrictEqual } from 'node:util';
import { deepFreeze } from '../manifest/compile/deep-freeze.ts';
import type { ConnectorDefinition } from '../model/definition.ts';
import { rowOutputSchema } from './row-output-schema.ts';

/**
 * A definition as JSON text, and where its parts begin and end in it. A program that runs one action reads that action
 * only: parsing and freezing all of them takes as long as Node.js needs to start.
 */
export interface IndexedDefinition {
  /** The definition as JSON. Only the output schemas are left out that the tables have (`rowOutputSchema`). */
  readonly text: string;
  readonly index: DefinitionIndex;
}

/** `dist/definition.index.json`. Positions count characters, which are bytes: the text is ASCII. */
export interface DefinitionIndex {
  /** The length of the text that the positions belong to. */
  readonly length: number;
  /** Where the members before the collections end. */
  readonly headerEnd: number;
  readonly collections: Readonly<Record<Collection, Readonly<Record<string, EntryIndex>>>>;
}

/**
 * Where an entry begins, where its small members end, and where each large member begins and ends:
 * `40 90 input 99 300 request 311 600`. A text, because most entries are never read, and arrays take twice as long to parse.
 */
type EntryIndex = string;

const collectionNames = ['tables', 'actions', 'triggers'] as const;
type Collection = (typeof collectionNames)[number];
/** Members with more characters are read on first use: schemas, columns, requests, tests. */
const maxSmallLength = 160;

type Values = Readonly<Record<string, unknown>>;

/** Writes a definition as JSON, with the small members of each entry first, and the positions of its parts. */
export function writeIndexedDefinition(definition: ConnectorDefinition): IndexedDefinition {
  const { tables, actions, triggers, ...header } = definition;
  const writer = new PartsWriter();
  writer.add(JSON.stringify(header).slice(0, -1));
  const headerEnd = writer.length;
  const collections = {
    tables: writer.addCollection('tables', tables),
    actions: writer.addCollection('actions', withoutRowSchemas(actions, tables)),
    triggers: writer.addCollection('triggers', withoutRowSchemas(triggers, tables)),
  };
  writer.add('}');
  return { text: writer.text, index: { length: writer.length, headerEnd, collections } };
}

type Tables = ConnectorDefinition['tables'];
type Operation = ConnectorDefinition['actions' | 'triggers'][string];

/** A third of a definition would be the same schemas again. */
function withoutRowSchemas(operations: Readonly<Record<string, Operation>>, tables: Tables): Values {
  const entries = Object.entries(operations).map(([id, { outputSchema, ...operation }]) => {
    const isKnown = isDeepStrictEqual(outputSchema, rowOutputSchema(operation, tables));
    return [id, isKnown ? operation : { ...operation, outputSchema }] as const;
  });
  return Object.fromEntries(entries);
}

class PartsWriter {
  readonly #parts: string[] = [];
  length = 0;

  get text(): string {
    return this.#parts.join('');
  }

  add(part: string): void {
    const ascii = escapeNonAscii(part);
    this.#parts.push(ascii);
    this.length += ascii.length;
  }

  addCollection(name: Collection, entries: Values): Readonly<Record<string, EntryIndex>> {
    const positions: [string, EntryIndex][] = [];
    for (const [id, entry] of Object.entries(entries)) {
      this.add(`${positions.length === 0 ? `,"${name}":{` : ','}${JSON.stringify(id)}:`);
      positions.push([id, this.#addEntry(entry as Values)]);
    }
    this.add(positions.length === 0 ? `,"${name}":{}` : '}');
    return Object.fromEntries(positions);
  }

  #addEntry(entry: Values): EntryIndex {
    const members = Object.entries(entry).flatMap(([name, value]) => {
      const json = JSON.stringify(value) as string | undefined;
      return json === undefined ? [] : [{ name, json: escapeNonAscii(json) }];
    });
    const isSmall = ({ json }: { json: string }) => json.length <= maxSmallLength;
    const small = members.filter(isSmall).map(({ name, json }) => `${JSON.stringify(name)}:${json}`);
    const start = this.length;
    this.add(`{${small.join(',')}`);
    const smallEnd = this.length;
    const large: string[] = [];
    for (const { name, json } of members.filter((member) => !isSmall(member))) {
      this.add(`${small.length + large.length === 0 ? '' : ','}${JSON.stringify(name)}:`);
      large.push(`${name} ${this.length} ${this.length + json.length}`);
      this.add(json);
    }
    this.add('}');
    return [start, smallEnd, ...large].join(' ');
  }
}

/** JSON in ASCII, which Node.js reads several times faster than UTF-8. */
function escapeNonAscii(json: string): string {
  return json.replaceAll(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * The definition of a file, frozen. Each entry is parsed when it is first touched, and each large member of it too: what
 * is never used is never parsed, nor made a text, which takes four times as long as to read the bytes. An index that
 * belongs to another file is ignored.
 */
export function readIndexedDefinition(
  bytes: Buffer,
  index: DefinitionIndex | undefined,
): ConnectorDefinition {
  // Another program wrote the file: its encoding is that of JSON.
  if (index === undefined || index.length !== bytes.length) return readWholeDefinition(bytes.toString());
  const parse = (start: number, end: number, close = ''): unknown =>
    deepFreeze(JSON.parse(bytes.toString('latin1', start, end) + close));
  const readEntry = (name: Collection, positions: EntryIndex): Values => {
    const [start, smallEnd, ...large] = positions.split(' ');
    const entry = { ...(parse(Number(start), Number(smallEnd), '}') as Values) };
    for (let at = 0; at < large.length; at += 3) {
      const [member = '', from, to] = large.slice(at);
      addLazily(entry, member, () => parse(Number(from), Number(to)));
    }
    if (name !== 'tables' && !('outputSchema' in entry))
      addLazily(entry, 'outputSchema', () => deepFreeze(rowOutputSchema(entry, definition.tables)));
    return Object.freeze(entry);
  };
  const readCollection = (name: Collection): Values => {
    const positions = index.collections[name];
    const collection = {};
    const read = (id: string) => readEntry(name, positions[id] ?? '');
    for (const id of Object.keys(positions)) addLazily(collection, id, read);
    return Object.freeze(collection);
  };
  const header = parse(0, index.headerEnd, '}') as ConnectorDefinition;
  const definition = { ...header };
  for (const name of collectionNames) addLazily(definition, name, readCollection);
  return Object.freeze(definition);
}

function readWholeDefinition(json: string): ConnectorDefinition {
  const { actions, triggers, ...others } = JSON.parse(json);
  const complete = (operations: Readonly<Record<string, Operation>>) => {
    const entries = Object.entries(operations).map(([id, { outputSchema, ...operation }]) => {
      const schema = outputSchema ?? rowOutputSchema(operation, others.tables);
      return [id, { ...operation, outputSchema: schema }] as const;
    });
    return Object.fromEntries(entries);
  };
  return deepFreeze({ ...others, actions: complete(actions), triggers: complete(triggers) });
}

/** Adds a member that is read on first use. */
function addLazily<Name extends string>(target: object, name: Name, read: (name: Name) => unknown): void {
  let value: unknown;
  Object.defineProperty(target, name, { enumerable: true, get: () => (value ??= read(name)) });
}
