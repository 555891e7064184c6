import { expect } from 'chai';
import { readCode, sourceFiles } from './imports.ts';

/** One piece of knowledge, the file that owns it, and the text that shows that another file has a copy. */
interface Knowledge {
  readonly name: string;
  readonly owner: string;
  /** What to write instead. */
  readonly instead: string;
  readonly isCopy: (code: string) => boolean;
  /** Files that contain the text for another reason. */
  readonly exceptions?: readonly string[];
}

const contains = (pattern: RegExp) => (code: string) => pattern.test(code);

const callOptionNames = [
  'ifVersion',
  'asUser',
  'detectDuplicates',
  'bypassPlugins',
  'bypassLogic',
  'bypassFlows',
];

const knowledge: readonly Knowledge[] = [
  {
    name: 'the pattern of a GUID',
    owner: 'src/model/guid.ts',
    instead: 'isGuid, findGuid or guidSource',
    isCopy: contains(/\[0-9a-f(?:A-F)?\]\{8\}(?:-|\(|\\)|\[0-9a-f(?:A-F)?-\]\{36\}/),
  },
  {
    name: 'quoting of OData strings',
    owner: 'src/odata/quote-string.ts',
    instead: 'quoteString',
    isCopy: contains(/replaceAll\("'", "''"\)|replace\(\/'\/g, "''"\)/),
  },
  {
    name: 'literals in filters',
    owner: 'src/odata/quote-string.ts',
    instead: 'quoteString, or quoteFilterText in contains, startswith and endswith',
    isCopy: contains(
      /\b(?:eq|ne|gt|ge|lt|le) '\$\{|(?:contains|startswith|endswith)\([^()]*,\s*'\$\{|return `'\$\{/,
    ),
    exceptions: [
      // A text that is quoted already.
      'src/odata/check/repair/repair-calls.ts',
    ],
  },
  {
    name: 'the wildcards of text searches',
    owner: 'src/odata/quote-string.ts',
    instead: 'quoteFilterText',
    isCopy: contains(/'\[\$&\]'/),
  },
  {
    name: 'the largest page',
    owner: 'src/odata/limits.ts',
    instead: 'maxPageSize',
    // Delays in milliseconds may have the same value.
    isCopy: (code) => code.split('\n').some((line) => /\b5_?000\b/.test(line) && !/Ms\b/.test(line)),
    exceptions: [
      // Rows and values of the sample data.
      'packages/sandbox/src/sample/customers.ts',
    ],
  },
  {
    name: 'the length of a URL',
    owner: 'src/odata/limits.ts',
    instead: 'maxUrlLength',
    isCopy: contains(/\b32_?768\b/),
  },
  {
    name: 'the annotations of a row',
    owner: 'src/odata/row-annotations.ts',
    instead: 'readFormattedValue, readLookupLogicalName, readEtag or omitEtag',
    isCopy: contains(/OData\.Community\.Display\.V1\.FormattedValue|CRM\.lookuplogicalname|'@odata\.etag'/),
  },
  {
    name: 'the list of call options',
    owner: 'src/run/call-option-schemas.ts',
    instead: 'callOptionSchemas',
    isCopy: (code) => callOptionNames.filter((name) => new RegExp(`\\b${name}\\b`).test(code)).length > 3,
    exceptions: [
      // Their types and headers: checked against the schemas by the compiler.
      'src/run/call-options.ts',
    ],
  },
  {
    name: 'the wire name of a lookup',
    owner: 'src/odata/wire-name.ts',
    instead: 'toWireName',
    isCopy: contains(/\? `_\$\{[\w.]+\}_value` :/),
  },
  {
    name: 'the tables that own rows',
    owner: 'src/model/principals.ts',
    instead: 'principalTables or isPrincipalTable',
    isCopy: contains(/\['systemuser', 'team'\]|=== 'systemuser' \|\|/),
  },
  {
    name: 'the hosts of this machine',
    owner: 'src/model/loopback.ts',
    instead: 'isLoopbackHost',
    isCopy: contains(/\['(?:localhost|127\.0\.0\.1)', '(?:localhost|127\.0\.0\.1)', '\[::1\]'\]/),
  },
  {
    name: 'the escapes of a JSON Pointer',
    owner: 'src/model/json-pointer.ts',
    instead: 'toJsonPointer or parseJsonPointer',
    isCopy: contains(/replaceAll\('~1', '\/'\)|replaceAll\('~', '~0'\)/),
  },
  {
    name: 'the test for a JSON object',
    owner: 'src/model/json.ts',
    instead: 'isJsonObject',
    isCopy: contains(/typeof (\w+) === 'object' && \1 !== null && !Array\.isArray\(\1\)/),
  },
  {
    name: 'the escapes of XML',
    owner: 'src/odata/fetchxml/escape-xml.ts',
    instead: 'escapeXml',
    isCopy: contains(/'&amp;'/),
    // HTML, not XML.
    exceptions: ['packages/node-red/src/sign-in-page.ts'],
  },
];

describe('duplicated knowledge', () => {
  const sources = sourceFiles()
    .filter((file) => !file.startsWith('src/generated/'))
    .map((file) => ({ file, code: readCode(file) }));
  const copiesOf = ({ owner, isCopy }: Knowledge) =>
    sources.filter(({ file, code }) => file !== owner && isCopy(code)).map(({ file }) => file);

  for (const piece of knowledge) {
    it(`${piece.name}: only in ${piece.owner}`, () => {
      const copies = copiesOf(piece).filter((file) => !piece.exceptions?.includes(file));
      expect(copies, `use ${piece.instead}`).to.deep.equal([]);
    });
  }

  it('lists only exceptions that are needed', () => {
    const unneeded = knowledge.flatMap((piece) => {
      const copies = copiesOf(piece);
      return (piece.exceptions ?? [])
        .filter((file) => !copies.includes(file))
        .map((file) => `${piece.name}: ${file}`);
    });
    expect(unneeded).to.deep.equal([]);
  });

  it('finds each piece in the file that owns it', () => {
    const unmatched = knowledge
      .filter(({ owner, isCopy }) => !isCopy(readCode(owner)))
      .map(({ name }) => name);
    expect(unmatched).to.deep.equal([]);
  });
});
