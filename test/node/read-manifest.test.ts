import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { checkManifest } from '../../src/node/load-connector.ts';
import { readManifest } from '../../src/node/read-manifest.ts';
import { smallFiles } from '../manifest/support/manifests.ts';

const header = (bases: string) =>
  `manifestVersion: 1\nid: own\nversion: 1.0.0\ntitle: Own\ndescription: A connector.\nextends: ${bases}\n`;

describe('the folder of a manifest', () => {
  let root: string;
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const check = async (folder = 'own') => {
    const { definition, diagnostics } = await checkManifest({ manifest: join(root, folder) });
    const found = diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ location, code, message, fix }) => `${location.file} ${code} ${message} (${fix})`);
    expect(definition === undefined).to.equal(found.length > 0);
    return found;
  };
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'd365-folder-')));
    for (const [file, text] of smallFiles()) write(`base/${file}`, text);
    write('own/connector.yaml', header('../base'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('extends an installed package, which is found in a folder above', async () => {
    write('node_modules/@contoso/base/connector.yaml', smallFiles().get('connector.yaml')!);
    write('own/connector.yaml', header("'@contoso/base'"));
    expect(await check()).to.deep.equal([]);
    const { packages } = await readManifest(join(root, 'own'));
    expect(packages.map(({ path, via }) => [path, via])).to.deep.equal([
      ['../node_modules/@contoso/base/', ['@contoso/base']],
      ['', []],
    ]);
  });

  it('extends the manifest of this package without an installed one', async () => {
    write('own/connector.yaml', header('dynamics365-connector'));
    const { packages, diagnostics } = await readManifest(join(root, 'own'));
    expect(diagnostics).to.deep.equal([]);
    expect(packages[0]!.files.size).to.be.greaterThan(100);
  });

  const bases: Readonly<Record<string, readonly [extended: string, diagnostic: string]>> = {
    'a package that is not installed': [
      'contoso-base',
      'E101 the package contoso-base is not installed (npm install contoso-base)',
    ],
    'a folder without connector.yaml': ['../bases', 'E101 ../bases has no connector.yaml (correct the path)'],
    'a cycle': ['../cycle', 'E103 the connector extends itself: ../own -> ../cycle (remove one of them)'],
    'an absolute path': [
      '/srv/base',
      'E104 "/srv/base" is not the name of a package or a relative path (write a name such as dynamics365-connector, or a path such as ../base)',
    ],
  };
  for (const [title, [extended, diagnostic]] of Object.entries(bases)) {
    it(`reports ${title}`, async () => {
      write('cycle/connector.yaml', header('../own').replace('id: own', 'id: cycle'));
      write('own/connector.yaml', header(extended));
      const found = await check();
      expect(found).to.have.length(1);
      expect(found[0]!.slice(found[0]!.indexOf(' ') + 1)).to.equal(
        title === 'a cycle' ? diagnostic.replace('../own -> ../cycle', '../cycle -> ../own') : diagnostic,
      );
    });
  }

  it('reports links out of the folder and to nowhere, and reads links inside', async () => {
    write('secret.yaml', 'title: Secret\n');
    write(
      'own/actions/case.go.yaml',
      'title: Go\ndescription: Goes.\nrequest: { method: POST, path: /Go }\n',
    );
    symlinkSync('case.go.yaml', join(root, 'own/actions/case.same.yaml'));
    expect(await check()).to.deep.equal([]);
    symlinkSync(join(root, 'secret.yaml'), join(root, 'own/actions/case.out.yaml'));
    symlinkSync('nothing.yaml', join(root, 'own/actions/case.gone.yaml'));
    expect(await check()).to.deep.equal([
      'actions/case.gone.yaml E105 the link has no target (replace the link with a copy, or extend the other connector)',
      'actions/case.out.yaml E105 the link points outside the folder of the connector (replace the link with a copy, or extend the other connector)',
    ]);
  });

  it('reports a folder that is a link out', async () => {
    symlinkSync(join(root, 'base/actions'), join(root, 'own/actions'));
    expect((await check()).map((one) => one.slice(0, 12))).to.deep.equal(['actions E105']);
  });

  it('reports a folder with too many files, and a file that is too long, without reading them', async () => {
    for (let index = 0; index < 2100; index++) write(`own/actions/case.a${index}.yaml`, 'x');
    expect((await check()).map((one) => one.replace(/^\S+ /, ''))).to.deep.equal([
      'E106 the connector has more than 2000 files (split it into several connectors that extend each other)',
    ]);
    rmSync(join(root, 'own/actions'), { recursive: true });
    write('own/actions/case.long.yaml', `# ${'x'.repeat(1_100_000)}`);
    expect(await check()).to.deep.equal([
      'actions/case.long.yaml E106 the file has more than 1048576 bytes (split it)',
    ]);
  });

  it('reports files that no command would read: .yml and subfolders', async () => {
    write('own/actions/case.go.yml', 'title: Go\n');
    write('own/actions/old/case.went.yaml', 'title: Went\n');
    write('own/schemas/tables/thing.yml', 'title: Thing\n');
    const found = await check();
    expect(found.map((one) => one.split(' ').slice(0, 2).join(' '))).to.deep.equal([
      'actions/case.go.yml M101',
      'actions/old/case.went.yaml M101',
      'schemas/tables/thing.yml M101',
    ]);
    expect(found[0]).to.contain('rename it to actions/case.go.yaml');
  });

  it('reports two versions of one connector', async () => {
    const sales = header('../base').replace('id: own', 'id: sales');
    write('sales/connector.yaml', sales);
    write('next/connector.yaml', smallFiles().get('connector.yaml')!.replace('1.0.0', '2.0.0'));
    write('own/connector.yaml', header('[../sales, ../next]'));
    expect(await check()).to.deep.equal([
      'connector.yaml E111 two versions of try-out are extended: 1.0.0 in ../base/ and 2.0.0 in ../next/ (install the same version for both)',
    ]);
  });
});
