import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { compileManifest } from '../../src/manifest/compile-manifest.ts';
import { readManifestFiles } from '../../src/node/manifest-files.ts';
import { root } from './support/manifests.ts';

describe('README.md', () => {
  it('has an example action that compiles with our manifest', async () => {
    const [, file, text] = /^```yaml (\S+)\n([\s\S]*?)^```$/m.exec(readFileSync(`${root}README.md`, 'utf8'))!;
    const files = new Map([...(await readManifestFiles()), [file!, text!]]);
    const { definition, diagnostics } = compileManifest(files);
    // The example has no contract test.
    expect(diagnostics.map(({ message }) => message)).to.deep.equal(['there is no test']);
    expect(definition!.actions).to.have.property('case.escalate');
  });

  it('suggests removing keys that every input implies', async () => {
    const files = new Map(await readManifestFiles());
    files.set(
      'actions/case.x.yaml',
      'title: X\ndescription: X.\ninput:\n  type: object\n  properties: {}\nrequest: { method: POST, path: /X }\n',
    );
    const { diagnostics } = compileManifest(files);
    expect(diagnostics.find(({ code }) => code === 'M102')?.fix).to.match(/remove it/);
  });
});
