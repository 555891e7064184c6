import type { MutatedFile } from './targets.ts';

const test = (name: string) => `test/feed/${name}.test.ts`;
const decisions = [test('decisions')];
const storedParts = [test('stored-parts')];
const selection = [test('selection')];
const readers = [test('small-reads')];
const walks = [test('walks')];
const polls = ['read-window', 'due', 'wake', 'poll-trigger', 'deletions', 'rewind', 'stored-state'].map(test);

const sameMaximum = 'the maximum of two equal numbers is either of them';
const sameMinimum = 'the minimum of two equal numbers is either of them';
const versionsDiffer = 'no two rows have the same version';
const startsAtTime = 'the first read of a feed sets it to the time of the organization';

const file = (
  name: string,
  tests: readonly string[],
  equivalent: MutatedFile['equivalent'] = [],
): MutatedFile => ({ file: `src/feed/${name}.ts`, tests, equivalent });

/** The sources of the change feed, except those of the checkpoint. */
export const feedFiles: readonly MutatedFile[] = [
  file('changed-to', decisions),
  file('classify-change', decisions),
  file('column-fingerprints', decisions),
  file('due', decisions),
  file('is-own-change', decisions),
  file('is-rejected-request', decisions),
  file('poll-budget', decisions),
  file('row-facts', [...decisions, test('row-facts')]),
  file('loop-guard', [test('loop-guard')]),
  file('known-ids', [test('known-ids')]),
  file('membership', [test('membership')]),
  file('match-filter', [test('match-filter-cases')]),
  file('compare-recent', storedParts),
  file('dead-letters', storedParts),
  file('deletion-state', storedParts),
  file('feed-head', storedParts, [
    ['sequence: [0 -> 1],', startsAtTime],
    ['prunedThrough: [0 -> 1],', startsAtTime],
  ]),
  file('feed-log', storedParts, [
    ['const segmentsPerRead = [50 -> 51];', 'only how many values one request of the store returns'],
  ]),
  file(
    'forget-row',
    [test('forget-in-store')],
    [
      [
        'return { ...after, completeFrom: String(next[ >  ->  >= ]completeFrom ? next : completeFrom) };',
        sameMaximum,
      ],
    ],
  ),
  file('matching-rows', storedParts),
  file('parse-stored-json', storedParts),
  file('prune-state', storedParts),
  file('recent-rows', storedParts, [
    ['const sorted = [...rows].sort((a, b) => (a.version[ >  ->  >= ]b.version ? -1 : 1));', versionsDiffer],
    [
      'const sorted = [...rows].sort((a, b) => (a.version > b.version ? -1 : [1 -> 2]));',
      'a sort asks for the sign only',
    ],
    [
      'completeFrom: lowest !== undefined && lowest[ >  ->  >= ]completeFrom ? lowest : completeFrom,',
      sameMaximum,
    ],
  ]),
  file('reported-deadlines', walks),
  file('row-records', [...storedParts, ...decisions]),
  file('without-name-of', [test('forget-in-store')]),
  file('write-buffer', storedParts),
  file('feed', selection),
  file('own-writes', selection),
  file('select-changes', selection, [
    [
      "return { change, ...position, entry, dueMs: [0 -> 1], isUncertain: columnChange === 'uncertain' };",
      'it is read of deadlines only',
    ],
  ]),
  file('to-items', selection),
  file('add-custom-columns', readers),
  file('find-existing', readers),
  file('follow-delta-link', readers),
  file('initial-cursor', readers, [
    [
      'const highestVersion = rows.reduce((high, { version }) => (version[ >  ->  >= ]high ? version : high), 0n);',
      sameMaximum,
    ],
  ]),
  file('row-reader', [test('row-reader')]),
  file('sample-trigger', readers),
  file('scan-keys', readers),
  file('server-time', readers),
  file(
    'read-window',
    [...walks, test('read-window')],
    [
      ['if (accepted.highest[ >  ->  >= ]highest) highest = accepted.highest;', sameMaximum],
      ['if (accepted.last[ >  ->  >= ]at) at = accepted.last;', sameMaximum],
      [
        'highest: rows.reduce((highest, { version }) => (version[ >  ->  >= ]highest ? version : highest), 0n),',
        sameMaximum,
      ],
    ],
  ),
  file('read-deadlines', [...walks, test('due')]),
  file(
    'read-changes',
    [...walks, ...polls],
    [
      [
        'highestVersion: highest[ >  ->  >= ]head.highestVersion ? highest : head.highestVersion,',
        sameMaximum,
      ],
    ],
  ),
  file(
    'read-feed',
    [test('read-feed'), ...walks, ...polls],
    [
      [
        'const { highestVersion } = initial.highestVersion[ >  ->  >= ]recorded.highestVersion ? initial : recorded;',
        sameMaximum,
      ],
    ],
  ),
  file('read-deletions', ['read-deletions', 'deletions', 'wake', 'rewind', 'poll-trigger'].map(test)),
  file('baseline-walk', walks),
  file('catch-up', [test('catch-up'), test('due'), test('poll-trigger')]),
  file(
    'check-rewind',
    [test('check-rewind'), test('rewind')],
    [['const version = unread[ <  ->  <= ]watermark.version ? unread : watermark.version;', sameMinimum]],
  ),
  file('reconcile', walks),
  file(
    'reevaluate-filter',
    [test('reevaluate-filter')],
    [['dueMs: [0 -> 1],', 'it is read of deadlines only']],
  ),
  file('derive-items', ['derive-items', 'due', 'membership', 'reevaluate-filter', 'poll-trigger'].map(test)),
  file('poll-trigger', polls),
];
