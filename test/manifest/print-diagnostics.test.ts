import { expect } from 'chai';
import { printDiagnostics } from '../../src/manifest/read/print-diagnostics.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';

const diagnostic: Diagnostic = {
  severity: 'error',
  code: 'T104',
  message: '{{input.tilte}}: the input has no property "tilte"',
  location: { file: 'actions/case.list.yaml', line: 15, column: 23, length: 15 },
  sourceLine: '    $filter: title eq {{input.tilte}}',
  fix: 'did you mean "title"?',
};

describe('printDiagnostics', () => {
  it('writes a line for problem matchers, the source with a caret, and the fix', () => {
    expect(printDiagnostics([diagnostic])).to.equal(
      [
        'actions/case.list.yaml:15:23  error  T104  {{input.tilte}}: the input has no property "tilte"',
        '    15 |     $filter: title eq {{input.tilte}}',
        '       |                       ^^^^^^^^^^^^^^^',
        '       fix: did you mean "title"?',
        '',
      ].join('\n'),
    );
  });

  it('keeps tabs, so that the caret is below its character', () => {
    const tabbed = {
      ...diagnostic,
      sourceLine: '\t\tx: 1',
      location: { ...diagnostic.location, column: 3, length: 1 },
    };
    expect(printDiagnostics([tabbed]).split('\n')[2]).to.equal('       | \t\t^');
  });

  it('separates diagnostics by an empty line and writes nothing if there are none', () => {
    expect(printDiagnostics([diagnostic, diagnostic]).split('\n\n')).to.have.length(2);
    expect(printDiagnostics([])).to.equal('');
  });

  it('writes JSON that parses to the same diagnostics', () => {
    expect(JSON.parse(printDiagnostics([diagnostic], 'json'))).to.deep.equal([diagnostic]);
  });

  it('escapes messages and file names in GitHub annotations', () => {
    const hostile = {
      ...diagnostic,
      message: 'a\n::set-output name=x::y%',
      location: { ...diagnostic.location, file: 'a,b:c.yaml' },
    };
    expect(printDiagnostics([hostile], 'github')).to.equal(
      '::error file=a%2Cb%3Ac.yaml,line=15,col=23,endColumn=38,title=T104::a%0A::set-output name=x::y%25 (did you mean "title"?)\n',
    );
  });
});
