import { expect } from 'chai';
import type { Diagnostic, SourceLocation } from '../../src/model/diagnostic.ts';
import { mistakesInActions } from './mistakes/in-actions.ts';
import { mistakesInOtherFiles } from './mistakes/in-other-files.ts';
import type { Mistake } from './mistakes/mistake.ts';
import { compile, compileSmall, smallFiles } from './support/manifests.ts';

const mistakes = [...mistakesInActions, ...mistakesInOtherFiles];

/** The small manifest, with a column that is yes or no. */
const caseTable = smallFiles()
  .get('schemas/tables/case.yaml')!
  .replace(
    'operations:',
    '  escalated: { title: Escalated, type: boolean, x-column: isescalated }\noperations:',
  );

function check({ file, text, code }: Pick<Mistake, 'file' | 'text' | 'code'>): readonly Diagnostic[] {
  const { diagnostics } = compileSmall({ 'schemas/tables/case.yaml': caseTable, [file]: text });
  // A missing test, and an input that is not used, are usually consequences of the mistake.
  return diagnostics.filter((one) => one.code === code || !['M119', 'S113'].includes(one.code));
}

const underlined = (sourceLine: string, { column, length }: SourceLocation) =>
  sourceLine.slice(column - 1, column - 1 + length);

/** What is right in the diagnostics of a mistake. */
function grade(mistake: Mistake, found: readonly Diagnostic[]) {
  const report = found.find(({ code, message }) => code === mistake.code && mistake.says.test(message));
  const at = report && underlined(report.sourceLine, report.location);
  const related = report?.related && underlined(report.related.sourceLine, report.related.location);
  return {
    once: found.length === 1,
    cause: report !== undefined,
    place: at === mistake.at && related === mistake.related,
    fix:
      report?.fix !== undefined &&
      (mistake.fix ?? /./).test(report.fix) &&
      report.edit?.text === mistake.edit,
  };
}

describe('mistakes of authors', () => {
  const grades: ReturnType<typeof grade>[] = [];

  for (const mistake of mistakes) {
    it(`${mistake.name}: reported once, with its place, its cause and a fix`, () => {
      const found = check(mistake);
      const all = { once: true, cause: true, place: true, fix: true };
      const graded = grade(mistake, found);
      grades.push(graded);
      expect(graded, JSON.stringify(found, null, 1)).to.deep.equal(all);
    });
  }

  it('a fix that can be applied leaves nothing to report', () => {
    for (const mistake of mistakes) {
      const [edit] = check(mistake).flatMap((one) => one.edit ?? []);
      if (edit === undefined) continue;
      const text = mistake.text.slice(0, edit.start) + edit.text + mistake.text.slice(edit.end);
      expect(check({ ...mistake, text }), mistake.name).to.deep.equal([]);
    }
  });

  it('reports mistakes of five kinds in one file in one run', () => {
    const text = `title: Raise case
descripton: Raises the priority of a case.
input:
  required: [id]
  properties:
    id: { $ref: ../schemas/tables/case.yaml#properties/id }
    reason: { title: Reason, type: text }
request:
  update: incident
  id: {{input.id}}
  values: { prioritycode: High, title: "{{input.raeson}}" }
`;
    const found = check({ file: 'actions/case.raise.yaml', text, code: '' });
    expect(found.map(({ code, location }) => `${location.line} ${code}`)).to.deep.equal([
      '2 M102',
      '6 M104',
      '7 M104',
      '9 S102',
      '10 Y106',
    ]);
  });

  after(() => {
    const count = (part: keyof ReturnType<typeof grade>) => grades.filter((one) => one[part]).length;
    console.log(
      `      ${grades.length} mistakes: ${count('once')} reported once, ${count('place')} at the right place, ${count('cause')} with the cause, ${count('fix')} with a fix`,
    );
  });

  it('the manifest around them has none', () => {
    expect(compile(smallFiles({ 'schemas/tables/case.yaml': caseTable })).diagnostics).to.deep.equal([]);
  });
});
