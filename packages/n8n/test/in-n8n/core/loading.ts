import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type JsonObject, loadConnector } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import { paths } from '../../../scripts/paths.ts';
import { actionType, type LoadedPackage, loadPackage, triggerType } from '../support/load-package.ts';
import { loadN8n, type N8n, type NodeType } from '../support/n8n-modules.ts';

describe("package in n8n's loader", () => {
  let n8n: N8n;
  let loaded: LoadedPackage;
  before(async () => {
    n8n = loadN8n();
    loaded = await loadPackage(n8n);
  });

  const optionsOf = (type: NodeType, name: string): string[] =>
    type.description.properties
      .filter((property) => property.name === name)
      .flatMap(({ options }) => options as unknown as readonly { readonly value: string }[])
      .map(({ value }) => value);

  it('has an action node, a trigger node and a credential, and no dependencies', () => {
    expect(Object.keys(loaded.types)).to.have.members([actionType, triggerType]);
    expect(loaded.credential.extends).to.deep.equal(['oAuth2Api']);
    const packageJson = JSON.parse(readFileSync(join(paths.installed, 'package.json'), 'utf8'));
    expect(packageJson.dependencies ?? {}).to.deep.equal({});
  });

  it('offers every action and every trigger of the connector', async () => {
    const { actions, triggers } = runtimeOf(await loadConnector()).definition;
    const offered = loaded.action.description.properties
      .filter(({ name }) => name === 'operation')
      .flatMap(({ displayOptions, options }) => {
        const [resource] = (displayOptions as { show: { resource: string[] } }).show.resource;
        return (options as unknown as readonly { value: string }[]).map(
          ({ value }) => `${resource}.${value}`,
        );
      });
    expect(offered).to.have.members(Object.keys(actions));
    expect(optionsOf(loaded.trigger, 'event')).to.have.members(Object.keys(triggers));
  });

  it('has a form for every action that n8n can evaluate', () => {
    const { description } = loaded.action;
    const forms = description.properties.filter(({ name }) => name === 'operation');
    for (const form of forms) {
      const [resource] = (form.displayOptions as { show: { resource: string[] } }).show.resource;
      for (const { value } of form.options as unknown as { value: string }[]) {
        const filled = n8n.NodeHelpers.getNodeParameters(
          description.properties,
          { resource: resource!, operation: value },
          true,
          false,
          null,
          description,
        );
        expect(filled, value).to.include({ resource, operation: value });
      }
    }
  });

  it('has a form for every trigger that n8n can evaluate', () => {
    const { description } = loaded.trigger;
    for (const event of optionsOf(loaded.trigger, 'event')) {
      const filled: JsonObject = n8n.NodeHelpers.getNodeParameters(
        description.properties,
        { event },
        true,
        false,
        null,
        description,
      );
      expect(filled).to.include({ event });
    }
  });
});
