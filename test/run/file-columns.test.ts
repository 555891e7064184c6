import { expect } from 'chai';
import type { ConnectorError } from '../../src/errors/connector-error.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { tableFile } from '../manifest/support/manifests.ts';
import { openYamlClient } from '../support/yaml-client.ts';

const id = '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10';
const file = '77d0b2f6-2a51-4c2c-8d0f-4d7b1c0a9e31';

const files = {
  'schemas/tables/thing.yaml': tableFile(
    'Thing',
    { logicalName: 'new_thing', primaryName: 'new_name' },
    `  photo: { title: Photo, type: string, x-type: image, x-column: new_photo }
  manual: { title: Manual, type: string, x-type: file, x-column: new_manual }
`,
  ),
  'actions/thing.get.yaml':
    'title: Get\ndescription: Gets.\ninput: { required: [id], properties: { id: { type: string, format: uuid } } }\nrequest: { get: thing, id: "{{input.id}}" }\n',
  'actions/thing.create.yaml':
    'title: Create\ndescription: Creates.\ninput: { columns: writable }\nrequest: { create: thing, values: "{{input}}" }\n',
};

const wire = (more: object) => ({ new_thingid: id, new_name: 'Lamp', new_manual: file, ...more });
const selectOf = (url: string | undefined) => new URL(url ?? '').searchParams.get('$select');

describe('file and image columns of a table file', () => {
  it('a read returns the id of a file, and an image only if it is asked for', async () => {
    const { client, requests } = openYamlClient(files, [wire({}), wire({ new_photo: 'aGVsbG8=' })]);
    expect((await client.run('thing.get', { id })).output).to.deep.equal({ id, name: 'Lamp', manual: file });
    expect(selectOf(requests[0]?.url)).to.equal('new_thingid,new_name,new_manual');
    const { output } = await client.run('thing.get', { id, columns: ['photo'] });
    expect(output).to.deep.equal({ id, photo: 'aGVsbG8=' });
    expect(selectOf(requests[1]?.url)).to.equal('new_thingid,new_photo');
  });

  it('a write takes the bytes of an image, and no file', async () => {
    const { client, requests } = openYamlClient(files, [wire({})]);
    await client.run('thing.create', { name: 'Lamp', photo: 'aGVsbG8=' });
    expect(JSON.parse(String(requests[0]?.body))).to.deep.equal({ new_name: 'Lamp', new_photo: 'aGVsbG8=' });
    const codes = async (input: JsonObject) =>
      (await client.run('thing.create', input).catch((error: ConnectorError) => error)) as ConnectorError;
    expect((await codes({ photo: 'no base64!' })).details.issues?.[0]?.path).to.equal('/photo');
    expect((await codes({ manual: file })).details.issues?.[0]?.message).to.contain('unknown property');
  });
});
