import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { compile, compileFolders, realFiles, root } from './support/manifests.ts';

describe('README.md', () => {
  it('has the numbers of actions, of triggers, and of the files that define the actions', () => {
    const files = realFiles();
    const { definition } = compile(files);
    const [actions, triggers] = [definition!.actions, definition!.triggers].map(
      (operations) => Object.keys(operations).length,
    );
    const actionFiles = [...files.keys()].filter((file) => file.startsWith('actions/')).length;
    const readme = readFileSync(`${root}README.md`, 'utf8');
    expect(readme).to.include(`${actions} actions and ${triggers} polling triggers`);
    expect(readme).to.include(`${actionFiles} files define the ${actions} actions`);
  });

  it('has an example connector that extends ours', () => {
    const own = readFileSync(`${root}README.md`, 'utf8').matchAll(/^```yaml (\S+)\n([\s\S]*?)^```$/gm);
    const { definition, diagnostics } = compileFolders({
      'dynamics365-connector': Object.fromEntries(realFiles()),
      own: Object.fromEntries([...own].map(([, file, text]) => [file!, text!])),
    });
    // The example has no contract test.
    expect(diagnostics.map(({ message }) => message)).to.deep.equal(['there is no test']);
    expect(definition!.actions).to.have.property('case.escalate');
  });

  it('suggests removing keys that every input implies', () => {
    const files = realFiles();
    files.set(
      'actions/case.x.yaml',
      'title: X\ndescription: X.\ninput:\n  type: object\n  properties: {}\nrequest: { method: POST, path: /X }\n',
    );
    const { diagnostics } = compile(files);
    expect(diagnostics.find(({ code }) => code === 'M102')?.fix).to.match(/remove it/);
  });
});
