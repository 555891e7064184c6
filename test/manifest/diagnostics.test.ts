import { expect } from 'chai';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { compile, compileSmall, realFiles, smallFiles } from './support/manifests.ts';

const list = (diagnostics: readonly Diagnostic[]) =>
  diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ location, code }) => `${location.file}:${location.line}:${location.column} ${code}`);

const underlined = ({ sourceLine, location }: Diagnostic) =>
  sourceLine.slice(location.column - 1, location.column - 1 + location.length);

describe('a manifest with faults', () => {
  it('says all of them at once, in the order of files and lines', () => {
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
      'triggers/case.seen.yaml:3:1 Y101 w',
    ]);
  });

  it('says what is wrong with the meaning of a file beside a key that it may not have', () => {
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

  it('never half-loads: one bad file of many is enough', () => {
    const every = [...realFiles().keys()].filter((_, index) => index % 8 === 0);
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

  it('does not blame what refers to a broken file', () => {
    const { diagnostics } = compile(realFiles().set('schemas/tables/account.yaml', 'title: [\n'));
    expect([...new Set(diagnostics.map(({ location }) => location.file))]).to.deep.equal([
      'schemas/tables/account.yaml',
    ]);
  });

  it('says a fault of a family once, not once for each table', () => {
    const files = realFiles();
    files.set(
      'actions/_.get.yaml',
      files.get('actions/_.get.yaml')!.replace('"{{input.id}}"', '"{{input.key}}"'),
    );
    const { diagnostics } = compile(files);
    expect(list(diagnostics)).to.deep.equal(['actions/_.get.yaml:9:40 T104']);
  });

  it('points at the hole itself, with the nearest name as the fix', () => {
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
      fix: 'did you mean "search"?',
    });
  });

  it('points into block texts and quoted texts alike', () => {
    const { diagnostics } = compileSmall({
      'actions/case.find.yaml':
        'title: Find\ndescription: Finds.\nrequest:\n  method: GET\n  path: /Act\n  query:\n    $filter: >-\n      a eq 1\n      and b eq {{input.x}}\n',
    });
    expect(list(diagnostics)).to.deep.equal(['actions/case.find.yaml:9:16 T104']);
  });

  it('underlines within the line even where the value goes on', () => {
    const { diagnostics } = compileSmall({
      'actions/case.find.yaml': 'title: Find\ndescription: Finds.\nrequest:\n  nothing:\n    at: all\n',
    });
    for (const { location, sourceLine } of diagnostics)
      expect(location.column - 1 + location.length).to.be.at.most(Math.max(1, sourceLine.length));
  });

  it('wants everyday actions to be there', () => {
    const page = `${smallFiles().get('connector.yaml')}featured: [case.read, case.raed]\n`;
    const { diagnostics } = compileSmall({ 'connector.yaml': page });
    expect(list(diagnostics)).to.deep.equal(['connector.yaml:13:23 M118']);
    expect(diagnostics[0]!.fix).to.equal('did you mean "case.read"?');
  });

  it('does not take warnings for faults', () => {
    const { definition, diagnostics } = compileSmall({
      'actions/case.act.yaml': 'title: Act\ndescription: Acts.\nrequest: { method: POST, path: /Act }\n',
    });
    expect(diagnostics.map(({ severity, code }) => `${severity} ${code}`)).to.deep.equal(['warning M119']);
    expect(Object.keys(definition!.actions)).to.include('case.act');
  });

  it('refuses "__proto__" wherever it stands', () => {
    for (const place of ['', 'input: { properties: ', 'request: { method: POST, path: /Act, body: ']) {
      const text = `title: Act\ndescription: Acts.\n${place}${place ? '{ ' : ''}__proto__: { a: 1 }${' }'.repeat(place ? 2 : 0)}\n`;
      const codes = compileSmall({ 'actions/case.act.yaml': text }).diagnostics.map(({ code }) => code);
      expect(codes).to.include('Y106');
      expect(({} as { a?: number }).a).to.equal(undefined);
    }
  });
});
