import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

/** A picture of one pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const gif = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAA=', 'base64');

describe('image columns', () => {
  let fixture: WebApiFixture;

  beforeEach(() => {
    fixture = createWebApiFixture();
  });
  afterEach(() => fixture.store.close());

  const entityimage = png.toString('base64');
  const readBytes = (path: string) => {
    const caller = { userId: fixture.userId, isMember: true };
    const target = `/api/data/v9.2/${path}`;
    const body = new Uint8Array();
    const response = fixture.webApi.handle({ method: 'GET', target, headers: {}, body, caller });
    return { status: response.status, bytes: Buffer.from((response.body ?? '') as Uint8Array) };
  };

  for (const [set, row] of [
    ['accounts', { name: 'Litware' }],
    ['contacts', { lastname: 'Berg' }],
  ] as const) {
    it(`${set}: a new row takes an image as base64, and $value returns its bytes`, () => {
      const id = fixture.create(set, { ...row, entityimage });
      expect(fixture.get(`${set}(${id})?$select=entityimage`).json.entityimage).to.equal(entityimage);
      for (const query of ['', '?size=full']) {
        const { status, bytes } = readBytes(`${set}(${id})/entityimage/$value${query}`);
        expect([status, bytes.equals(png)]).to.deep.equal([200, true]);
      }
      expect(fixture.get(`${set}(${id})/entityimage`).json.value).to.equal(entityimage);
    });
  }

  it('a written image gets an id, a timestamp and a URL', () => {
    const id = fixture.create('contacts', { lastname: 'Berg' });
    fixture.send('PATCH', `contacts(${id})`, { entityimage });
    const path = `contacts(${id})?$select=entityimageid,entityimage_timestamp,entityimage_url`;
    const { json } = fixture.get(path);
    expect(json.entityimageid).to.match(/^[0-9a-f-]{36}$/);
    expect(json.entityimage_url).to.equal(
      `/Image/download.aspx?Entity=contact&Attribute=entityimage&Id=${id}&Timestamp=638501472000000000`,
    );
    expect(fixture.get(path).text).to.include('"entityimage_timestamp":638501472000000000');
    fixture.send('PATCH', `contacts(${id})`, { entityimage: null });
    expect(fixture.get(path).json).to.include({
      entityimageid: null,
      entityimage_timestamp: null,
      entityimage_url: null,
    });
  });

  it('PUT and PATCH of the column take bytes, PUT also base64 in JSON', () => {
    const id = fixture.create('contacts', { lastname: 'Berg' });
    const path = `contacts(${id})/entityimage`;
    const headers = { 'Content-Type': 'application/octet-stream' };
    const read = () => readBytes(`${path}/$value`).bytes;
    expect(fixture.send('PUT', path, new Uint8Array(png), headers).status).to.equal(204);
    expect(read().equals(png)).to.equal(true);
    expect(fixture.send('PATCH', path, new Uint8Array(gif), headers).status).to.equal(204);
    expect(read().equals(gif)).to.equal(true);
    expect(fixture.send('PUT', path, { value: entityimage }).status).to.equal(204);
    expect(read().equals(png)).to.equal(true);
    expect(fixture.send('DELETE', path).status).to.equal(204);
    expect(readBytes(`${path}/$value`).status).to.equal(204);
  });

  it('blocks upload and download an image', () => {
    const id = fixture.create('contacts', { lastname: 'Berg' });
    const Target = { '@odata.type': 'Microsoft.Dynamics.CRM.contact', contactid: id };
    const call = (name: string, body: object) => fixture.send('POST', name, body).json;
    const FileName = 'face.png';
    const start = { Target, FileAttributeName: 'entityimage', FileName };
    const { FileContinuationToken } = call('InitializeFileBlocksUpload', start);
    const BlockId = Buffer.from('1').toString('base64');
    call('UploadBlock', { BlockId, BlockData: entityimage, FileContinuationToken });
    const commit = { BlockList: [BlockId], FileContinuationToken, FileName, MimeType: 'image/png' };
    expect(call('CommitFileBlocksUpload', commit).FileSizeInBytes).to.equal(png.length);
    const download = call('InitializeFileBlocksDownload', { Target, FileAttributeName: 'entityimage' });
    const { Data } = call('DownloadBlock', {
      Offset: 0,
      BlockLength: 4_194_304,
      FileContinuationToken: download.FileContinuationToken,
    });
    expect(Data).to.equal(entityimage);
  });

  it('refuses what is neither base64 nor an image', () => {
    const codeOf = (value: unknown) =>
      fixture.send('POST', 'contacts', { lastname: 'B', entityimage: value }).json.error.code;
    expect(codeOf('not base64!')).to.equal('0x80048d19');
    expect(codeOf(5)).to.equal('0x80048d19');
    expect(codeOf(Buffer.from('plain text').toString('base64'))).to.equal('0x80072553');
  });

  it('$metadata declares image columns as Edm.Binary', () => {
    expect(fixture.get('$metadata').text).to.include('<Property Name="entityimage" Type="Edm.Binary"');
  });
});
