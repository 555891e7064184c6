import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runtimeOf } from '../../src/client/connector.ts';
import { buildManifest } from '../../src/node/build-manifest.ts';
import { readBuiltDefinition } from '../../src/node/built-definition.ts';
import { checkManifest, loadConnector } from '../../src/node/load-connector.ts';
import { smallFiles } from '../manifest/support/manifests.ts';

const header = `manifestVersion: 1
id: own
version: 1.0.0
title: Own
description: A connector.
extends: ../base
`;

describe('a built manifest', () => {
  let root: string;
  let own: string;
  const write = (file: string, text: string) => {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const failure = (work: () => unknown) =>
    Promise.resolve()
      .then(work)
      .then(
        () => 'none',
        (error: { code: string; message: string }) => `${error.code} ${error.message.replaceAll(root, '')}`,
      );

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'd365-built-'));
    own = join(root, 'own');
    for (const [file, text] of smallFiles()) write(`base/${file}`, text);
    write('own/connector.yaml', header);
    write('own/schemas/tables/case.yaml', 'properties: { priority: { title: Urgency } }\n');
    expect((await buildManifest(own)).diagnostics).to.deep.equal([]);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('is the same frozen definition that the YAML files compile to', async () => {
    const { definition } = await checkManifest({ manifest: own });
    const built = readBuiltDefinition(own);
    expect(built).to.deep.equal(definition);
    expect(built?.actions['case.read']?.input).to.be.frozen;
    expect(runtimeOf(await loadConnector({ manifest: own })).definition).to.deep.equal(definition);
  });

  it('is read as JSON if another program wrote it', async () => {
    const file = join(own, 'dist/definition.json');
    const definition = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...definition, title: 'Größe' }));
    expect(readBuiltDefinition(own)?.title).to.equal('Größe');
  });

  it('is not there before it is built', () => {
    expect(readBuiltDefinition(join(root, 'base'))).to.equal(undefined);
  });

  it('is loaded from another place, with other line breaks', () => {
    const moved = join(root, 'moved/own');
    cpSync(own, moved, { recursive: true });
    symlinkSync(join(root, 'base'), join(root, 'moved/base'));
    writeFileSync(join(moved, 'connector.yaml'), header.replaceAll('\n', '\r\n'));
    expect(readBuiltDefinition(moved)).to.have.property('id', 'own');
  });

  const changes: Readonly<Record<string, readonly [file: string, text: string, message: string]>> = {
    'an own file that is changed': [
      'own/schemas/tables/case.yaml',
      'properties: { priority: { title: Other } }\n',
      'own 1.0.0: schemas/tables/case.yaml is changed.',
    ],
    'an own file that is new': [
      'own/actions/case.go.yaml',
      'title: Go\ndescription: Goes.\nrequest: { method: POST, path: /Go }\n',
      'own 1.0.0: actions/case.go.yaml is new.',
    ],
    'a base that is another version': [
      'base/connector.yaml',
      smallFiles().get('connector.yaml')!.replace('1.0.0', '1.1.0'),
      'try-out 1.0.0: connector.yaml is changed.',
    ],
  };
  for (const [title, [file, text, message]] of Object.entries(changes)) {
    it(`is refused by name: ${title}`, async () => {
      write(file, text);
      const refused = `BUILD_OUTDATED /own was built with other files of ${message}`;
      expect(await failure(() => loadConnector({ manifest: own }))).to.equal(refused);
      const { definition, diagnostics } = await checkManifest({ manifest: own });
      expect(definition).to.equal(undefined);
      expect(diagnostics.find(({ code }) => code === 'E118')?.message).to.contain(message);
      await buildManifest(own);
      expect(await failure(() => loadConnector({ manifest: own }))).to.equal('none');
    });
  }

  it('is refused if a base is not there', async () => {
    rmSync(join(root, 'base'), { recursive: true });
    expect(await failure(() => readBuiltDefinition(own))).to.equal(
      'BUILD_OUTDATED /own was built with try-out 1.0.0, which is not installed.',
    );
  });

  it('of a base is compared too: an edited base is not extended', async () => {
    rmSync(join(own, 'dist'), { recursive: true });
    await buildManifest(join(root, 'base'));
    write(
      'base/schemas/tables/case.yaml',
      smallFiles().get('schemas/tables/case.yaml')!.replace('Case', 'Matter'),
    );
    const { diagnostics } = await checkManifest({ manifest: own });
    expect(diagnostics.map(({ code, location }) => `${location.file} ${code}`)).to.deep.equal([
      '../base/schemas/tables/case.yaml E118',
    ]);
    expect(await failure(() => loadConnector({ manifest: own }))).to.match(/^MANIFEST_INVALID/);
  });
});
