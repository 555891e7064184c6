import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { readBuiltDefinition } from '../../src/node/built-definition.ts';
import { checkManifest } from '../../src/node/load-connector.ts';

describe('readBuiltDefinition', () => {
  it('returns the same frozen definition that the YAML files compile to', async () => {
    const { definition } = await checkManifest();
    const file = pathToFileURL(join(await mkdtemp(join(tmpdir(), 'built-')), 'definition.json'));
    await writeFile(file, JSON.stringify(definition));
    const built = await readBuiltDefinition(file);
    expect(built).to.deep.equal(definition);
    expect(built?.actions['case.get']?.input).to.be.frozen;
  });

  it('returns undefined when there is no build', async () => {
    expect(await readBuiltDefinition(pathToFileURL('/nowhere/definition.json'))).to.equal(undefined);
  });
});
