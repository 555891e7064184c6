import { expect } from 'chai';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { compile, compileSmall, realFiles, smallFiles } from './support/manifests.ts';

const list = (diagnostics: readonly Diagnostic[]) =>
  diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ location, code }) => `${location.file}:${location.line}:${location.column} ${code}`);

const underlined = ({ sourceLine, location }: Diagnostic) =>
  sourceLine.slice(location.column - 1, location.column - 1 + location.length);

describe('diagnostics of a manifest', () => {
  it('reports all errors at once, sorted by file and line', () => {
    const { definition, diagnostics } = compileSmall({
      'connector.yaml': smallFiles().get('connector.yaml')!.replace('maxAttempts: 4', 'maxAttempts: 40'),
      'actions/case.find.yaml':
        'title: Find\ndescription: Finds.\nrequest: { method: GET, path: "/a({{input.x}})", query: { $filter: "a = 1", $orderby: "{{input.y}}" } }\n',
      'actions/case.open.yaml': 'title: Open\ndescription: Opens.\ntitel: Open\nrequest: { get: case }\n',
      'triggers/case.seen.yaml': 'title: Seen\ndescription: [\nwatch: {}\n',
      'schemas/tables/thing.yaml': smallFiles()
        .get('schemas/tables/case.yaml')!
        .replace('x-column: title', 'x-colum: title'),
    });
    expect(definition).to.equal(undefined);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.map((each) => `${list([each])} ${underlined(each)}`)).to.deep.equal([
      'actions/case.find.yaml:3:35 T104 {{input.x}}',
      'actions/case.find.yaml:3:71 Q101 =',
      'actions/case.find.yaml:3:88 T104 {{input.y}}',
      'actions/case.open.yaml:3:1 M102 titel',
      'actions/case.open.yaml:4:1 M103 request',
      'connector.yaml:12:23 M104 40',
      'schemas/tables/thing.yaml:7:56 M102 x-colum',
      'triggers/case.seen.yaml:2:14 Y101 [',
    ]);
  });

  it('reports other errors of a file that also has an unknown key', () => {
    const { definition, diagnostics } = compileSmall({
      'actions/case.find.yaml':
        'title: Find\ndescription: Finds.\nowner: sales team\nrequest: { method: GET, path: "/a({{input.x}})" }\n',
    });
    expect(definition).to.equal(undefined);
    expect(list(diagnostics)).to.deep.equal([
      'actions/case.find.yaml:3:1 M102',
      'actions/case.find.yaml:4:35 T104',
    ]);
  });

  it('says where a key belongs that stands in the request by mistake', () => {
    const fixOf = (key: string) =>
      compileSmall({
        'actions/case.find.yaml': `title: Find\ndescription: Finds.\nrequest:\n  list: case\n  ${key}: {}\n`,
      }).diagnostics.find(({ code }) => code === 'M102')?.fix;
    expect(fixOf('pagination')).to.equal(
      'move pagination to the start of a line: it stands beside the request',
    );
    expect(fixOf('steps')).to.equal('move steps to the start of a line: it stands in place of the request');
    expect(fixOf('pagnation')).to.match(/^use one of/);
  });

  it('checks each value of changedTo, also when other columns are unknown', () => {
    const { diagnostics } = compileSmall({
      'triggers/case.seen.yaml': `title: Seen
description: Sees.
watch: { table: case, changes: [updated], columns: [titel], changedTo: { priorty: high, priority: urgent }, every: 60s }
`,
    });
    expect(diagnostics.filter(({ severity }) => severity === 'error').map(underlined)).to.deep.equal([
      'titel',
      'priorty',
      'urgent',
    ]);
  });

  it('gives no definition if any file has an error', () => {
    const every = [...realFiles().keys()].filter((_, index) => index % 40 === 0);
    for (const file of every) {
      const files = realFiles();
      files.set(file, `${files.get(file)}\n: : :\n`);
      const { definition, diagnostics } = compile(files);
      expect(definition, file).to.equal(undefined);
      expect(
        diagnostics.some(({ location, code }) => location.file === file && code.startsWith('Y')),
        file,
      ).to.equal(true);
    }
  });

  it('does not report references to a file that has errors', () => {
    const { diagnostics } = compile(realFiles().set('schemas/tables/account.yaml', 'title: [\n'));
    expect([...new Set(diagnostics.map(({ location }) => location.file))]).to.deep.equal([
      'schemas/tables/account.yaml',
    ]);
  });

  it('reports an error of a template file once, not once for each table', () => {
    const files = realFiles();
    files.set(
      'actions/_.get.yaml',
      files.get('actions/_.get.yaml')!.replace('"{{input.id}}"', '"{{input.key}}"'),
    );
    const { diagnostics } = compile(files);
    expect(list(diagnostics)).to.deep.equal(['actions/_.get.yaml:8:40 T104']);
  });

  it('points at the placeholder and suggests the nearest name', () => {
    const files = realFiles();
    files.set(
      'actions/case.list.yaml',
      files.get('actions/case.list.yaml')!.replace('{{input.search}}', '{{ input.serach }}'),
    );
    const [diagnostic, ...others] = compile(files).diagnostics.filter(({ severity }) => severity === 'error');
    expect(others).to.deep.equal([]);
    expect(underlined(diagnostic!)).to.equal('{{ input.serach }}');
    expect(diagnostic).to.include({
      code: 'T104',
      message: '{{ input.serach }}: the input has no property "serach"',
      fix: 'write {{input.search}}',
    });
  });

  it('points at the right line of a block text', () => {
    const { diagnostics } = compileSmall({
      'actions/case.find.yaml':
        'title: Find\ndescription: Finds.\nrequest:\n  method: GET\n  path: /Act\n  query:\n    $filter: >-\n      a eq 1\n      and b eq {{input.x}}\n',
    });
    expect(list(diagnostics)).to.deep.equal(['actions/case.find.yaml:9:16 T104']);
  });

  it('underlines only to the end of the line', () => {
    const { diagnostics } = compileSmall({
      'actions/case.find.yaml': 'title: Find\ndescription: Finds.\nrequest:\n  nothing:\n    at: all\n',
    });
    for (const { location, sourceLine } of diagnostics)
      expect(location.column - 1 + location.length).to.be.at.most(Math.max(1, sourceLine.length));
  });

  it('reports a featured action that does not exist', () => {
    const header = `${smallFiles().get('connector.yaml')}featured: [case.read, case.raed]\n`;
    const { diagnostics } = compileSmall({ 'connector.yaml': header });
    expect(list(diagnostics)).to.deep.equal(['connector.yaml:13:23 M118']);
    expect(diagnostics[0]!.fix).to.equal('did you mean "case.read"?');
  });

  it('gives a definition if there are only warnings', () => {
    const { definition, diagnostics } = compileSmall({
      'actions/case.act.yaml': 'title: Act\ndescription: Acts.\nrequest: { method: POST, path: /Act }\n',
    });
    expect(diagnostics.map(({ severity, code }) => `${severity} ${code}`)).to.deep.equal(['warning M119']);
    expect(Object.keys(definition!.actions)).to.include('case.act');
  });

  it('rejects the key "__proto__" at every level', () => {
    for (const prefix of ['', 'input: { properties: ', 'request: { method: POST, path: /Act, body: ']) {
      const text = `title: Act\ndescription: Acts.\n${prefix}${prefix ? '{ ' : ''}__proto__: { a: 1 }${' }'.repeat(prefix ? 2 : 0)}\n`;
      const codes = compileSmall({ 'actions/case.act.yaml': text }).diagnostics.map(({ code }) => code);
      expect(codes).to.include('Y106');
      expect(({} as { a?: number }).a).to.equal(undefined);
    }
  });
});
