import { expect } from 'chai';
import type { PlaceholderPosition } from '../../../src/model/template.ts';
import { locateFilterPlaceholders } from '../../../src/odata/placeholders/locate-filter-placeholders.ts';
import type {
  PlaceholderDiagnostic,
  PlaceholderPositions,
} from '../../../src/odata/placeholders/placeholder-positions.ts';

const crm = 'Microsoft.Dynamics.CRM.';

/** Filters with `{}` for each placeholder -> the positions. */
const accepted: readonly (readonly [filter: string, ...positions: PlaceholderPosition[]])[] = [
  ['statecode eq 0'],
  ['statecode eq {}', 'filter-value'],
  [
    'statecode eq {} or (prioritycode ge {} and not (x lt {}))',
    'filter-value',
    'filter-value',
    'filter-value',
  ],
  ['contains(title, {})', 'filter-text'],
  ['startswith(primarycontactid/fullname,{}) and endswith(title,{} )', 'filter-text', 'filter-text'],
  ['contains({},{})', 'filter-name', 'filter-text'],
  ['{} eq {}', 'filter-name', 'filter-value'],
  ['Account_Tasks/any(t:t/statecode eq {} and contains(t/subject,{}))', 'filter-value', 'filter-text'],
  [`${crm}In(PropertyName='title',PropertyValues={})`, 'filter-list'],
  [`${crm}LastXDays(PropertyName='createdon',PropertyValue={})`, 'filter-value'],
  [
    `${crm}InFiscalPeriodAndYear(PropertyName='createdon',PropertyValue1={},PropertyValue2={})`,
    'filter-value',
    'filter-value',
  ],
  ["title eq 'it''s' and name eq {}", 'filter-value'],
  ['{}', 'condition'],
];

/** Filters with `{}` for each placeholder -> the index of the placeholder (or the underlined text), and the message. */
const rejected: readonly (readonly [filter: string, at: number | string, message: string])[] = [
  ["title eq '{}'", 0, 'A placeholder is not allowed between quotes.'],
  ["title eq 'a' or name eq '{} x'", 0, 'A placeholder is not allowed between quotes.'],
  ["title eq '{}", 0, 'A placeholder is not allowed between quotes.'],
  [`${crm}In(PropertyName='a',PropertyValues=["{}"])`, 0, 'A placeholder is not allowed between quotes.'],
  [`${crm}In(PropertyName='a',PropertyValues=[{}])`, 0, 'A placeholder is a whole list.'],
  [`${crm}In(PropertyName='a',PropertyValues=["a", {}])`, 0, 'A placeholder is a whole list.'],
  [`${crm}In(PropertyName={},PropertyValues={})`, 0, 'A placeholder is not allowed for PropertyName.'],
  ['new_{} eq 1', 0, 'A placeholder is a whole value, not a part of one.'],
  ['{}code eq 1', 0, 'A placeholder is a whole value, not a part of one.'],
  ['a eq {}{}', 0, 'A placeholder is a whole value, not a part of one.'],
  ['a eq {}/b', 0, 'A placeholder is a whole value, not a part of one.'],
  ['a eq 5{}', 0, 'A placeholder is a whole value, not a part of one.'],
  ['a eq -{}', 0, 'A placeholder is a whole value, not a part of one.'],
  ["a eq 'x'{}", 0, 'A placeholder is a whole value, not a part of one.'],
  ['a eq 1 and {}', 0, 'A placeholder is a value, not a condition.'],
  ['a {} 1', 0, 'A placeholder is a value, not a condition.'],
  ['a in ({})', 0, 'A placeholder is a value, not a condition.'],
  ['a eqq {}', 0, 'A placeholder is a value, not a condition.'],
  ['a eqq 1 and b eq {}', 'eqq', 'Expected eq, ne, gt, ge, lt or le, found "eqq".'],
  ['b eq {} and tolower(a) eq 1', 'tolower', 'Dataverse has no function "tolower".'],
  ['(a eq {}', '(', 'This parenthesis is never closed.'],
  ['a eq @p1 and b eq {}', '@p1', 'Parameter aliases cannot be used in a manifest.'],
  ['a eq @placeholder0 and b eq {}', '@placeholder0', 'Parameter aliases cannot be used in a manifest.'],
];

describe('locateFilterPlaceholders', () => {
  for (const [filter, ...positions] of accepted) {
    it(`finds ${positions.join(', ') || 'nothing'} in ${filter}`, () => {
      expect(locateFilterPlaceholders(filter.split('{}'))).to.deep.equal({ ok: true, positions });
    });
  }

  for (const [filter, at, message] of rejected) {
    it(`rejects ${filter}`, () => {
      const [diagnostic] = diagnosticsOf(locateFilterPlaceholders(filter.split('{}')));
      expect(diagnostic?.message).to.equal(message);
      expect(diagnostic && locationOf(filter, diagnostic)).to.equal(at);
    });
  }

  it('reports every invalid placeholder', () => {
    const diagnostics = diagnosticsOf(
      locateFilterPlaceholders("a eq '{}' and b_{} eq 1 and c eq {}".split('{}')),
    );
    expect(diagnostics.map(({ at }) => at)).to.deep.equal([
      { kind: 'placeholder', index: 0 },
      { kind: 'placeholder', index: 1 },
    ]);
  });
});

function diagnosticsOf(located: PlaceholderPositions): readonly PlaceholderDiagnostic[] {
  return located.ok ? [] : located.diagnostics;
}

/** The index of the placeholder, or the text of the part, that a diagnostic points at. */
function locationOf(filter: string, { at }: PlaceholderDiagnostic): number | string {
  return at.kind === 'placeholder' ? at.index : filter.split('{}')[at.index]!.slice(at.start, at.end);
}
