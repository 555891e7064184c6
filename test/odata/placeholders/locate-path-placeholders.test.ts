import { expect } from 'chai';
import type { PlaceholderPosition } from '../../../src/model/template.ts';
import { locateOptionPlaceholders } from '../../../src/odata/placeholders/locate-option-placeholders.ts';
import { locatePathPlaceholders } from '../../../src/odata/placeholders/locate-path-placeholders.ts';
import type { PlaceholderPositions } from '../../../src/odata/placeholders/placeholder-positions.ts';

describe('locatePathPlaceholders', () => {
  const accepted: readonly (readonly [path: string, ...positions: PlaceholderPosition[]])[] = [
    ['/incidents'],
    ['/incidents({})', 'key'],
    ['/incidents(incidentid={},ticketnumber={})', 'key', 'key'],
    ['/incidents({})/Microsoft.Dynamics.CRM.Merge', 'key'],
    ['/{}', 'segment'],
    ['/{}({})/{}', 'segment', 'key', 'segment'],
    ["/accounts(name='a (b?','c'={})", 'key'],
    ['/RetrieveTotalRecordCount(EntityNames={})', 'key'],
  ];
  for (const [path, ...positions] of accepted) {
    it(`finds ${positions.join(', ') || 'nothing'} in ${path}`, () => {
      expect(locatePathPlaceholders(path.split('{}'))).to.deep.equal({ ok: true, positions });
    });
  }

  const rejected: readonly (readonly [path: string, message: string, at: object])[] = [
    ['incidents({})', 'A path begins with "/".', { kind: 'part', index: 0, start: 0, end: 0 }],
    ["/incidents('{}')", 'A placeholder is not allowed between quotes.', { kind: 'placeholder', index: 0 }],
    [
      '/incidents(a{})',
      'A placeholder is a whole key, not a part of one.',
      { kind: 'placeholder', index: 0 },
    ],
    [
      '/incidents({}{})',
      'A placeholder is a whole key, not a part of one.',
      { kind: 'placeholder', index: 0 },
    ],
    [
      '/incident{}',
      'A placeholder is a whole path segment or, in parentheses, a key.',
      { kind: 'placeholder', index: 0 },
    ],
    [
      '/{}s',
      'A placeholder is a whole path segment or, in parentheses, a key.',
      { kind: 'placeholder', index: 0 },
    ],
    [
      '/{}?$top=1',
      'A placeholder is a whole path segment or, in parentheses, a key.',
      { kind: 'placeholder', index: 0 },
    ],
    ['/x({})?$top={}', 'A path has no query.', { kind: 'part', index: 1, start: 1, end: 2 }],
    ['/a b', 'This character is not allowed in a path.', { kind: 'part', index: 0, start: 2, end: 3 }],
    ['/a(b', 'A parenthesis is never closed.', { kind: 'part', index: 0, start: 4, end: 4 }],
  ];
  for (const [path, message, at] of rejected) {
    it(`rejects ${path}`, () => {
      const located = locatePathPlaceholders(path.split('{}'));
      expect(diagnosticsOf(located)[0]).to.deep.include({ message, at });
    });
  }
});

describe('locateOptionPlaceholders', () => {
  const accepted: readonly (readonly [name: string, text: string, ...positions: PlaceholderPosition[]])[] = [
    ['$filter', 'contains(title,{})', 'filter-text'],
    ['$orderby', '{} {}', 'order', 'order'],
    ['$orderby', 'title {},{}, createdon desc', 'order', 'order'],
    ['$select', '{}', 'select'],
    ['$select', 'title,{}', 'select'],
    ['$top', '{}', 'filter-value'],
    ['@p1', ' {} ', 'filter-value'],
    ['$expand', 'owninguser($select=fullname)'],
    ['$top', '5'],
  ];
  for (const [name, text, ...positions] of accepted) {
    it(`finds ${positions.join(', ') || 'nothing'} in ${name}: ${text}`, () => {
      expect(locateOptionPlaceholders(name, text.split('{}'))).to.deep.equal({ ok: true, positions });
    });
  }

  for (const [name, text] of [
    ['$filter', "title eq '{}'"],
    ['$orderby', '{}{}'],
    ['$orderby', 'new_{}'],
    ['$orderby', '{} {} {}'],
    ['$orderby', 'a foo, {}'],
    ['$select', '{} {}'],
    ['$select', 'new_{}'],
    ['$expand', '{}'],
    ['$apply', 'groupby(({}))'],
    ['$top', '1{}'],
    ['$top', '{}{}'],
  ] as const) {
    it(`rejects ${name}: ${text}`, () => {
      expect(diagnosticsOf(locateOptionPlaceholders(name, text.split('{}')))).to.not.be.empty;
    });
  }
});

function diagnosticsOf(located: PlaceholderPositions) {
  return located.ok ? [] : located.diagnostics;
}
