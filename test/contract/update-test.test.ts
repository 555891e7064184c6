import { expect } from 'chai';
import { updateTest } from '../../src/authoring/contract/locate-test.ts';
import { readYaml } from '../../src/manifest/read/read-yaml.ts';
import type { Json } from '../../src/model/json.ts';

const file = 'actions/case.raise.yaml';
const result = { operation: 'case.raise', name: 'x', file, index: 0, failures: [] };

/** The text after the update of `returns`, read again. */
function update(returns: string, actual: Json) {
  const text = `title: Raise\ntests:\n  - name: x # a comment\n    returns:${returns}\n    input: {}\n`;
  const edit = updateTest(result, { message: '', part: ['returns'], actual }, text);
  if (edit === undefined) return undefined;
  const changed = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  return readYaml(file, changed).source?.data;
}

describe('updateTest', () => {
  const returned = (returns: Json) => ({ title: 'Raise', tests: [{ name: 'x', returns, input: {} }] });
  for (const [what, old] of [
    ['a value', ' { a: 1 }'],
    ['an empty value', ''],
    ['a list below its key', '\n    - a'],
    ['a list that is indented', '\n      - a'],
    ['a block', '\n      a: 1\n      b: 2'],
  ] as const) {
    it(`replaces ${what} by what happened, texts with line breaks included`, () => {
      for (const actual of [
        { text: 'one\ntwo\n' },
        'one\ntwo',
        ['a: b', '# no comment', ''],
        null,
        12,
      ] as Json[])
        expect(update(old, actual)).to.deep.equal(returned(actual));
    });
  }
});
