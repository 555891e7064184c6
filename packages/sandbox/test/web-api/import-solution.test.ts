import { deflateRawSync } from 'node:zlib';
import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

/** A ZIP archive with these files, compressed. */
function createZip(files: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const content = deflateRawSync(Buffer.from(text));
    const sizes = Buffer.alloc(12);
    sizes.writeUInt32LE(content.length, 4);
    sizes.writeUInt32LE(Buffer.byteLength(text), 8);
    const common = Buffer.alloc(10);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    const lengths = Buffer.alloc(4);
    lengths.writeUInt16LE(name.length, 0);
    const local = Buffer.concat([
      Buffer.from('PK\x03\x04'),
      common,
      sizes,
      lengths,
      Buffer.from(name),
      content,
    ]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    const made = Buffer.from([20, 0]);
    directory.push(
      Buffer.concat([
        Buffer.from('PK\x01\x02'),
        made,
        common,
        sizes,
        lengths.subarray(0, 2),
        rest.subarray(0, 12),
        rest.subarray(10),
        Buffer.from(name),
      ]),
    );
    parts.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, list, end]);
}

const solutionXml = `<ImportExportXml><SolutionManifest><UniqueName>Parcels</UniqueName>
  <LocalizedNames><LocalizedName description="Parcels &amp; more" languagecode="1033" /></LocalizedNames>
  <Version>1.2.0.0</Version><Managed>1</Managed>
  <Publisher><UniqueName>contoso</UniqueName>
    <LocalizedNames><LocalizedName description="Contoso" languagecode="1033" /></LocalizedNames>
    <CustomizationPrefix>con</CustomizationPrefix>
    <CustomizationOptionValuePrefix>20000</CustomizationOptionValuePrefix></Publisher>
</SolutionManifest></ImportExportXml>`;
const customApiXml = `<customapi uniquename="con_IsHeavy"><bindingtype>1</bindingtype>
  <boundentitylogicalname>account</boundentitylogicalname>
  <description default="Whether it is heavy" /><displayname default="Is heavy" />
  <isfunction>1</isfunction><isprivate>0</isprivate><name>Is heavy</name></customapi>`;
const propertyXml = `<customapiresponseproperty uniquename="Heavy"><description default="Heavy" />
  <displayname default="Heavy" /><name>Heavy</name><type>0</type></customapiresponseproperty>`;
const files = {
  'solution.xml': solutionXml,
  'customizations.xml': '<ImportExportXml><Entities></Entities></ImportExportXml>',
  'customapis/con_IsHeavy/customapi.xml': customApiXml,
  'customapis/con_IsHeavy/customapiresponseproperties/Heavy/customapiresponseproperty.xml': propertyXml,
};

describe('Web API: ImportSolution', () => {
  let fixture: WebApiFixture;
  beforeEach(() => {
    fixture = createWebApiFixture();
  });
  afterEach(() => fixture.store.close());

  const importFile = (archive: Buffer) =>
    fixture.send('POST', 'ImportSolution', {
      OverwriteUnmanagedCustomizations: false,
      PublishWorkflows: false,
      CustomizationFile: archive.toString('base64'),
      ImportJobId: '00000000-0000-0000-0000-000000000000',
    });

  it('creates publisher, solution and custom APIs, which can be called', () => {
    expect(importFile(createZip(files)).status).to.equal(204);
    const path = "solutions?$filter=uniquename eq 'Parcels'&$expand=publisherid($select=customizationprefix)";
    const [solution] = fixture.get(path).json.value;
    expect(solution).to.include({ friendlyname: 'Parcels & more', version: '1.2.0.0', ismanaged: true });
    expect(solution.publisherid.customizationprefix).to.equal('con');
    const account = fixture.create('accounts', { name: 'Contoso' });
    const { json } = fixture.get(`accounts(${account})/Microsoft.Dynamics.CRM.con_IsHeavy()`);
    expect(json.Heavy).to.be.a('boolean');
  });

  it('imports a newer version over an older one, and deletes the custom APIs with the solution', () => {
    importFile(createZip(files));
    const newer = { ...files, 'solution.xml': solutionXml.replace('1.2.0.0', '1.3.0.0') };
    expect(importFile(createZip(newer)).status).to.equal(204);
    const { value } = fixture.get("solutions?$filter=uniquename eq 'Parcels'").json;
    expect(value.map(({ version }: { version: string }) => version)).to.deep.equal(['1.3.0.0']);
    expect(fixture.get('customapis?$select=uniquename').json.value).to.have.length(1);
    expect(fixture.send('DELETE', `solutions(${value[0].solutionid})`).status).to.equal(204);
    expect(fixture.get('customapis?$select=uniquename').json.value).to.have.length(0);
  });

  it('refuses what is not a solution file, and a file with tables, and creates nothing', () => {
    const withTable = {
      ...files,
      'customizations.xml': '<ImportExportXml><Entities><Entity /></Entities></ImportExportXml>',
    };
    for (const archive of [
      Buffer.from('no archive'),
      createZip({ 'other.xml': '<a/>' }),
      createZip(withTable),
    ]) {
      expect(importFile(archive).status).to.equal(400);
    }
    expect(fixture.get("solutions?$filter=uniquename eq 'Parcels'").json.value).to.deep.equal([]);
  });
});
