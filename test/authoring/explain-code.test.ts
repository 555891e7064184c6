import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { explainCode } from '../../src/authoring/explain-code.ts';
import { errorCodes } from '../../src/errors/error-codes.ts';

const documents = ['diagnostics', 'query-check', 'errors'].map((name) =>
  readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8'),
);
const explain = (code: string) => explainCode(code, documents);

describe('explainCode', () => {
  it('finds the section of a diagnostic, with its examples and no other section', () => {
    const text = explain('m103');
    expect(text)
      .to.match(/^### M103\n/)
      .and.to.contain('```yaml wrong')
      .and.to.contain('```yaml right');
    expect(text).not.to.contain('### M104');
  });

  it('finds the row of an error, of Dataverse and of Entra, with the headings of its table', () => {
    expect(explain('INPUT_INVALID')).to.match(/^### INPUT_INVALID\n\nwho acts \(category\): /);
    expect(explain('0x80040217')).to.contain('our code: `NOT_FOUND`');
    expect(explain('AADSTS50058')).to.contain('No user is signed in.');
  });

  it('finds a code in a list or a range of codes', () => {
    expect(explain('Q131')).to.contain('### Q130, Q131').and.to.contain('wildcard');
    expect(explain('Q142')).to.contain('expand');
  });

  it('knows every code of an error', () => {
    for (const code of Object.keys(errorCodes)) expect(explain(code), code).to.contain(`### ${code}`);
  });

  it('names similar codes for one that it does not know', () => {
    expect(() => explain('INPUT_INVALD')).to.throw('Did you mean INPUT_INVALID');
    expect(() => explain('constructor')).to.throw('No document explains');
  });
});
